package io.etcdmedic.node.certs;

import io.etcdmedic.host.Access;
import io.etcdmedic.host.Account;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.facts.Container;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The member that lies in etcd's data folder: `member`, `member/snap`, `member/wal` and the files in the two.
///
/// RKE1's etcd runs as root and leaves it to root; NixOS' tmpfiles rule gives the etcd user the folder, but not
/// what is in it. Source: etcd server/embed/etcd.go, which wants the folder's mode to be 0700.
///
/// @param path free of links
/// @param user the service that is to write it
/// @param entries from above to below, the data folder first
/// @param strange names beside them, which are nobody's business here
record EtcdData(NodeFacts facts, String path, Reader user, List<FileMeta> entries, List<String> strange) {
    static final String DEFAULT = "/var/lib/etcd";
    static final int FOLDER_MODE = 0700;

    /// `member` and below: one database, a write-ahead log of some files, snapshots.
    private static final int ENTRIES_MAX = 10_000;

    EtcdData {
        entries = List.copyOf(entries);
        strange = List.copyOf(strange);
    }

    /// Empty when there is no member, or root runs etcd.
    static Optional<EtcdData> of(NodeFacts facts) {
        Optional<Reader> user = Reader.of(facts, Component.ETCD).filter(_ -> facts.mayRun(Component.ETCD));
        return user.flatMap(reader -> folder(facts)
                .filter(FileMeta::isFolder)
                .filter(folder -> facts.machine()
                        .look(folder.path() + "/member")
                        .filter(FileMeta::isFolder)
                        .isPresent())
                .map(folder -> found(facts, folder, reader)));
    }

    /// What the unit names; before there is one, where RKE1's container keeps it on the host.
    private static Optional<FileMeta> folder(NodeFacts facts) {
        Optional<String> unit =
                facts.unit(Component.ETCD).flatMap(part -> part.flags().get("data-dir"));
        Optional<String> container = facts.docker().found().stream()
                .flatMap(c -> c.part().filter(p -> p.component() == Component.ETCD).stream()
                        .flatMap(p -> p.flags().get("data-dir").stream())
                        .map(c::onHost))
                .filter(facts.machine()::exists)
                .findFirst();
        return facts.machine().stat(unit.or(() -> container).orElse(DEFAULT));
    }

    private static EtcdData found(NodeFacts facts, FileMeta folder, Reader user) {
        Machine machine = facts.machine();
        List<FileMeta> entries = new ArrayList<>(List.of(folder));
        List<String> strange = new ArrayList<>();
        String member = folder.path() + "/member";
        for (String name : machine.names(folder.path())) {
            if (!name.equals("member")) {
                strange.add(folder.path() + "/" + name);
            }
        }
        machine.look(member).ifPresent(entries::add);
        for (String name : machine.names(member)) {
            String path = member + "/" + name;
            Optional<FileMeta> below = machine.look(path);
            if (Set.of("snap", "wal").contains(name)
                    && below.filter(FileMeta::isFolder).isPresent()) {
                entries.add(below.get());
            } else {
                strange.add(path);
            }
        }
        entries.stream().skip(2).toList().forEach(part -> files(machine, part.path(), entries, strange));
        return new EtcdData(facts, folder.path(), user, entries, strange);
    }

    private static void files(Machine machine, String folder, List<FileMeta> entries, List<String> strange) {
        for (String name : machine.names(folder)) {
            Optional<FileMeta> file = machine.look(folder + "/" + name);
            boolean ours = file.filter(f -> f.isFile() && f.hardLinks() == 1).isPresent();
            if (ours && entries.size() < ENTRIES_MAX) {
                entries.add(file.get());
            } else {
                strange.add(folder + "/" + name);
            }
        }
    }

    /// The account that is to have it; empty: the machine has no such user yet.
    Optional<Account> account() {
        return facts.accounts().of(user.as());
    }

    /// Whether `account` can do with `entry` what etcd does: read, write, and in a folder make and remove files.
    boolean suits(FileMeta entry, Account account) {
        int wanted = entry.isFolder() ? 7 : Access.READ | Access.WRITE;
        return (Access.bits(facts.machine(), entry, account) & wanted) == wanted;
    }

    List<FileMeta> unsuited(Account account) {
        return entries.stream().filter(entry -> !suits(entry, account)).toList();
    }

    boolean isOpen() {
        return (entries.getFirst().mode() & 0077) != 0;
    }

    /// Whose files are taken to be etcd's: root's, the new user's, and those of whoever owns the member.
    boolean isOwned(FileMeta entry) {
        Set<Integer> owners = new TreeSet<>(List.of(0, entries.get(1).uid()));
        account().ifPresent(account -> owners.add(account.uid()));
        return owners.contains(entry.uid());
    }

    /// Who runs on it, as far as is known: a process, or a container that ran when Docker was asked.
    Optional<String> inUse() {
        Stream<String> containers = facts.docker().found().stream()
                .filter(Container::running)
                .filter(c ->
                        c.part().filter(p -> p.component() == Component.ETCD).isPresent())
                .map(c -> "RKE1's container " + c.name());
        return process().or(containers::findFirst);
    }

    /// The process that runs on it: also one in a container is a process of the machine, so that no answer that
    /// Docker gave some time ago is needed to tell.
    Optional<String> process() {
        return facts.installation().parts(Component.ETCD).stream()
                .filter(part -> part.origin() == Part.Origin.PROCESS && isHere(part))
                .map(part -> "etcd (" + part.where() + ")")
                .findFirst();
    }

    /// A process in a container names the folder as the container knows it, so only another folder of the host
    /// acquits it.
    private boolean isHere(Part process) {
        Optional<String> named = process.flags().get("data-dir");
        Optional<FileMeta> folder = named.flatMap(dir -> facts.machine().stat(dir));
        return folder.isEmpty() || folder.get().path().equals(path);
    }
}
