package io.etcdmedic.node.nix;

import io.etcdmedic.host.Account;
import io.etcdmedic.host.Accounts;
import io.etcdmedic.host.AclEntry;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.RunningProcess;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A machine as the switch to a module leaves it: with the users that NixOS makes, and with the owners and modes
/// that the module's tmpfiles rules set before any service starts.
///
/// @param rules in the order in which systemd-tmpfiles carries them out: by path
public record SwitchedMachine(Machine today, List<TmpfilesRule> rules, Accounts accounts) implements Machine {
    /// Ids that no account of the machine has.
    private static final int NEW_ID = 61_001;

    private static final List<String> USERS = List.of("kubernetes", "etcd");

    /// The facts of the node after the switch, as far as files and users go.
    public static NodeFacts after(NodeFacts facts, Planned planned) {
        List<TmpfilesRule> rules = planned.fileRules().stream()
                .flatMap(line -> TmpfilesRule.parse(line).stream())
                .sorted(Comparator.comparing(TmpfilesRule::path))
                .toList();
        Accounts accounts = facts.accounts();
        for (int i = 0; i < USERS.size(); i++) {
            accounts = accounts.with(USERS.get(i), NEW_ID + i);
        }
        Machine machine = new SwitchedMachine(facts.machine(), rules, accounts);
        return new NodeFacts(machine, facts.services(), facts.installation(), accounts, facts.old(), facts.docker());
    }

    @Override
    public String name() {
        return today.name();
    }

    @Override
    public Optional<FileMeta> look(String path) {
        Optional<FileMeta> seen = today.look(path);
        for (TmpfilesRule rule : rules) {
            seen = seen.or(() -> made(path, rule));
            boolean applies = seen.isPresent() && seen.get().kind() != FileMeta.Kind.LINK && rule.matches(path);
            seen = applies ? seen.map(file -> set(file, rule)) : seen;
        }
        return seen;
    }

    /// Folders on the way are made, too.
    private static Optional<FileMeta> made(String path, TmpfilesRule rule) {
        boolean onTheWay = rule.path().startsWith(path + "/");
        if (!rule.makes() || !onTheWay && !rule.path().equals(path)) {
            return Optional.empty();
        }
        boolean folder = onTheWay || rule.isFolder();
        FileMeta.Kind kind = folder ? FileMeta.Kind.FOLDER : FileMeta.Kind.FILE;
        return Optional.of(new FileMeta(path, kind, 0, 0, folder ? 0755 : 0644, 0, "", 1));
    }

    private FileMeta set(FileMeta seen, TmpfilesRule rule) {
        int uid = accounts.named(rule.user()).map(Account::uid).orElseGet(() -> number(rule.user(), seen.uid()));
        int gid = rule.group().equals("-") ? seen.gid() : accounts.gid(rule.group());
        return new FileMeta(
                seen.path(),
                seen.kind(),
                uid,
                gid,
                rule.mode(seen),
                seen.sizeBytes(),
                seen.linkTarget(),
                seen.hardLinks());
    }

    private static int number(String text, int otherwise) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : otherwise;
    }

    @Override
    public List<String> names(String path) {
        Set<String> made = rules.stream()
                .filter(rule -> rule.makes() && rule.path().startsWith(path.equals("/") ? "/" : path + "/"))
                .map(rule -> rule.path().substring(path.equals("/") ? 1 : path.length() + 1))
                .filter(name -> !name.contains("/"))
                .collect(Collectors.toCollection(TreeSet::new));
        made.addAll(today.names(path));
        return List.copyOf(made);
    }

    @Override
    public FileContent content(String path) {
        return today.content(path);
    }

    @Override
    public FileContent head(String path) {
        return today.head(path);
    }

    @Override
    public Optional<List<AclEntry>> acl(String path) {
        return today.acl(path);
    }

    @Override
    public List<RunningProcess> processes() {
        return today.processes();
    }

    @Override
    public ToolAnswer run(ToolCall call) {
        return today.run(call);
    }

    @Override
    public Set<String> denied() {
        return today.denied();
    }
}
