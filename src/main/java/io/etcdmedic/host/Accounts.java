package io.etcdmedic.host;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The users and groups of a machine, from its /etc/passwd and /etc/group.
///
/// Users of another source (LDAP, systemd's dynamic users) are not in there.
public record Accounts(List<List<String>> passwd, List<List<String>> groups) {
    /// Column of /etc/passwd.
    private static final int HOME = 5;

    /// Source: login.defs(5), UID_MIN.
    private static final int FIRST_PERSON = 1000;

    public static Accounts of(Machine machine) {
        return new Accounts(
                rows(machine.read("/etc/passwd").textOrEmpty(), 4),
                rows(machine.read("/etc/group").textOrEmpty(), 4));
    }

    /// With a user and a group of this name, where there are none.
    public Accounts with(String name, int id) {
        List<List<String>> users = new ArrayList<>(passwd);
        List<List<String>> all = new ArrayList<>(groups);
        String number = Integer.toString(id);
        if (named(name).isEmpty()) {
            users.add(List.of(name, "x", number, number, "", "/var/empty", "/bin/false"));
        }
        if (groups.stream().noneMatch(row -> row.getFirst().equals(name))) {
            all.add(List.of(name, "x", number, ""));
        }
        return new Accounts(users, all);
    }

    public Optional<Account> named(String name) {
        return passwd.stream()
                .filter(row -> row.get(0).equals(name))
                .findFirst()
                .map(row -> new Account(name, number(row.get(2)), gidsOf(name, number(row.get(3)))));
    }

    /// The user with every group that its service gives it; empty when the machine has no such user.
    ///
    /// Source: systemd.exec(5), `User=`, `Group=`, `SupplementaryGroups=`; initgroups(3).
    public Optional<Account> of(RunsAs as) {
        Optional<Account> user = named(as.user()).or(() -> numbered(as.user()));
        return user.map(account -> {
            Set<Integer> gids = new HashSet<>(account.gids());
            if (as.group().isPresent()) {
                gids.clear();
                gids.addAll(listedGids(account.name()));
                gids.add(gid(as.group().get()));
            }
            as.supplementary().forEach(group -> gids.add(gid(group)));
            return new Account(account.name(), account.uid(), gids);
        });
    }

    /// The group that the files of a service get which runs so.
    public int primaryGroup(RunsAs as, Account account) {
        return as.group()
                .map(this::gid)
                .orElseGet(() -> passwd.stream()
                        .filter(row -> row.get(0).equals(account.name()))
                        .findFirst()
                        .map(row -> number(row.get(3)))
                        .orElse(account.uid()));
    }

    /// A user by its number, which need not have a name.
    private Optional<Account> numbered(String user) {
        int uid = number(user);
        return uid < 0
                ? Optional.empty()
                : passwd.stream()
                        .filter(row -> number(row.get(2)) == uid)
                        .findFirst()
                        .flatMap(row -> named(row.get(0)))
                        .or(() -> Optional.of(new Account(user, uid, Set.of())));
    }

    /// The number of a group; -1, which no file has, when the machine has none of that name.
    public int gid(String group) {
        return groups.stream()
                .filter(row -> row.get(0).equals(group))
                .findFirst()
                .map(row -> number(row.get(2)))
                .orElse(number(group));
    }

    /// The home folders of root and of people.
    public List<String> homes() {
        return passwd.stream()
                .filter(row -> row.size() > HOME && (number(row.get(2)) == 0 || number(row.get(2)) >= FIRST_PERSON))
                .map(row -> row.get(HOME))
                .toList();
    }

    /// The name of `uid`, or the number itself.
    public String userName(int uid) {
        return nameOf(passwd, uid);
    }

    public String groupName(int gid) {
        return nameOf(groups, gid);
    }

    /// Who owns `meta`, as `chown` takes it.
    public String owner(FileMeta meta) {
        return userName(meta.uid()) + ":" + groupName(meta.gid());
    }

    private Set<Integer> gidsOf(String name, int primary) {
        Set<Integer> gids = listedGids(name);
        gids.add(primary);
        return gids;
    }

    private Set<Integer> listedGids(String name) {
        Set<Integer> gids = new HashSet<>();
        for (List<String> row : groups) {
            if (List.of(row.get(3).split(",")).contains(name)) {
                gids.add(number(row.get(2)));
            }
        }
        return gids;
    }

    private static String nameOf(List<List<String>> rows, int id) {
        return rows.stream()
                .filter(row -> number(row.get(2)) == id)
                .map(row -> row.get(0))
                .findFirst()
                .orElse(Integer.toString(id));
    }

    private static List<List<String>> rows(String text, int columnsMin) {
        return text.lines()
                .map(line -> List.of(line.split(":", -1)))
                .filter(row -> row.size() >= columnsMin)
                .toList();
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException malformed) {
            return -1;
        }
    }
}
