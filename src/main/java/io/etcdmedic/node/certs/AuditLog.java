package io.etcdmedic.node.certs;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.Access;
import io.etcdmedic.host.Account;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.PathWalk;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.MachineAccess;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The file in which the apiserver keeps its audit log, which its user must be able to write.
///
/// RKE1 keeps one by default, and its apiserver runs as root. The apiserver makes the folder and opens the file at
/// start, and ends when it cannot. Source: Kubernetes apiserver/pkg/server/options/audit.go, `ensureLogFile`.
///
/// @param path on the host
/// @param writer the apiserver, as whom it is to run
public record AuditLog(NodeFacts facts, String path, Reader writer) {
    private static final String RULE = "certs/audit-log";
    private static final String FIX = "medic node certs fix";

    /// Folders that are everybody's: none of them is given away.
    private static final Set<String> SHARED =
            Set.of("", "/etc", "/opt", "/run", "/srv", "/tmp", "/usr", "/var", "/var/lib", "/var/log", "/var/tmp");

    /// Empty when none is kept, it goes to standard output, or root runs the apiserver.
    static Optional<AuditLog> of(NodeFacts facts) {
        Optional<String> path = facts.unit(Component.APISERVER)
                .map(unit -> unit.flags().get("audit-log-path"))
                .orElseGet(() -> facts.old(Component.APISERVER)
                        .flatMap(part -> part.flags().get("audit-log-path"))
                        .map(inside -> facts.onHost(Component.APISERVER, inside)));
        return path.flatMap(file -> at(facts, file));
    }

    /// The log that a module keeps there.
    public static Optional<AuditLog> at(NodeFacts facts, String path) {
        return path.startsWith("/")
                ? Reader.of(facts, Component.APISERVER).map(reader -> new AuditLog(facts, path, reader))
                : Optional.empty();
    }

    /// Lines of systemd-tmpfiles that give the log to its writer; none for a folder that is everybody's.
    public static List<String> rules(NodeFacts facts) {
        return of(facts).filter(log -> !log.isShared()).map(AuditLog::rules).orElse(List.of());
    }

    private List<String> rules() {
        String owner = "%s %s -".formatted(writer.user(), writer.as().group().orElse(writer.user()));
        return List.of("d %s 0700 %s".formatted(folder(), owner), "z %s 0600 %s".formatted(path, owner));
    }

    String folder() {
        return path.substring(0, path.lastIndexOf('/'));
    }

    boolean isShared() {
        return SHARED.contains(folder());
    }

    /// That the apiserver cannot write it; empty when it can.
    public List<Finding> check() {
        return denied().map(this::finding).stream().toList();
    }

    private Finding finding(String why) {
        boolean left =
                facts.accounts().of(writer.as()).isEmpty() || !facts.machine().exists(folder());
        String give = left ? FIX + " --snippet (NixOS makes the folder, and gives it to the user that it makes)" : FIX;
        return Finding.error(RULE, path)
                .evidence("%s (the user of kube-apiserver) cannot write it: %s".formatted(writer.user(), why))
                .consequence("kube-apiserver ends at start: \"permission denied\", for it opens the log first.")
                .cure(
                        isShared()
                                ? "keep it in a folder of its own: --audit-log-path=/var/log/kube-audit/audit-log.json"
                                : give)
                .cause("RKE1's apiserver runs as root, and keeps an audit log by default");
    }

    private Optional<String> denied() {
        Machine machine = facts.machine();
        Account account = facts.accounts().of(writer.as()).orElse(new Account(writer.user(), -2, Set.of()));
        PathWalk walk = PathWalk.of(machine, folder());
        if (walk.end().isEmpty()) {
            return walk.broken().isEmpty() ? unmade(account) : Optional.of(walk.broken());
        }
        for (FileMeta above : walk.passed()) {
            if (above.isFolder() && !may(above, account, Access.EXECUTE)) {
                return Optional.of("the folder %s (%s) cannot be passed".formatted(above.path(), above.words()));
            }
        }
        FileMeta folder = walk.end().get();
        if (!may(folder, account, Access.WRITE | Access.EXECUTE)) {
            return Optional.of("the folder %s is %s".formatted(folder.path(), folder.words()));
        }
        return machine.stat(path)
                .filter(file -> !may(file, account, Access.READ | Access.WRITE))
                .map(file -> "%s is %s".formatted(file.path(), file.words()));
    }

    /// The nearest folder that is there must be one in which the apiserver can make the others.
    private Optional<String> unmade(Account account) {
        String above = folder();
        Optional<FileMeta> there = Optional.empty();
        while (there.isEmpty() && !above.isEmpty()) {
            above = above.substring(0, above.lastIndexOf('/'));
            there = facts.machine().stat(above.isEmpty() ? "/" : above);
        }
        return there.filter(folder -> !may(folder, account, Access.WRITE | Access.EXECUTE))
                .map(folder -> "%s is not there, and %s is %s".formatted(folder(), folder.path(), folder.words()));
    }

    private boolean may(FileMeta file, Account account, int wanted) {
        return (Access.bits(facts.machine(), file, account) & wanted) == wanted;
    }

    /// The file, then the folder: until the last step both are closed to everybody but root.
    static AccessFix fix(NodeFacts facts) {
        return of(facts)
                .filter(log -> log.denied().isPresent())
                .map(AuditLog::fix)
                .orElse(AccessFix.NOTHING);
    }

    private AccessFix fix() {
        Optional<FileMeta> folder = facts.machine().stat(folder()).filter(FileMeta::isFolder);
        Optional<Account> account = facts.accounts().of(writer.as());
        if (account.isEmpty()) {
            return AccessFix.left("%s is for %s, whom this machine does not have yet".formatted(path, writer.user()));
        }
        if (folder.isEmpty()) {
            return AccessFix.left("%s is not there: medic node certs fix --snippet has it made".formatted(folder()));
        }
        if (isShared() || !MachineAccess.mayChange(folder.get().path())) {
            return AccessFix.left("%s is no folder of the audit log alone"
                    .formatted(folder.get().path()));
        }
        if (folder.get().uid() != 0 && folder.get().uid() != account.get().uid()
                || (folder.get().mode() & 0022) != 0) {
            return AccessFix.left("%s (%s) can be written by others"
                    .formatted(folder.get().path(), folder.get().words()));
        }
        int uid = account.get().uid();
        int gid = facts.accounts().primaryGroup(writer.as(), account.get());
        List<AccessFix.Change> changes = new ArrayList<>();
        facts.machine()
                .look(folder.get().path() + path.substring(path.lastIndexOf('/')))
                .filter(file -> file.isFile() && file.hardLinks() == 1)
                .ifPresent(file -> changes.add(new AccessFix.Change(file, uid, gid, 0600, why())));
        changes.add(new AccessFix.Change(folder.get(), uid, gid, 0700, why()));
        return new AccessFix(changes, List.of());
    }

    private String why() {
        return "for " + writer.user() + " (kube-apiserver --audit-log-path)";
    }
}
