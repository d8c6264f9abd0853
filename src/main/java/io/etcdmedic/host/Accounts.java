package io.etcdmedic.host;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The users and groups of a machine, from its /etc/passwd and /etc/group.
///
/// Users of another source (LDAP, systemd's dynamic users) are not in there.
public record Accounts(List<List<String>> passwd, List<List<String>> groups) {

    public static Accounts of(Machine machine) {
        return new Accounts(
                rows(machine.read("/etc/passwd").textOrEmpty(), 4),
                rows(machine.read("/etc/group").textOrEmpty(), 4));
    }

    public Optional<Account> named(String name) {
        return passwd.stream()
                .filter(row -> row.get(0).equals(name))
                .findFirst()
                .map(row -> new Account(name, number(row.get(2)), gidsOf(name, number(row.get(3)))));
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
        Set<Integer> gids = new HashSet<>();
        gids.add(primary);
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
