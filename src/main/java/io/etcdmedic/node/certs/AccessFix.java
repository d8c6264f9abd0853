package io.etcdmedic.node.certs;

import io.etcdmedic.host.Access;
import io.etcdmedic.host.Account;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.PathWalk;
import io.etcdmedic.node.MachineAccess;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The smallest change of owners and modes with which every service reads what it needs, and nobody else a secret.
///
/// Secrets are closed first, then files opened, folders last: no prefix of the changes shows a secret.
///
/// @param changes in the order in which they are to be made
/// @param left what is not changed, and why
public record AccessFix(List<Change> changes, List<String> left) {
    static final AccessFix NOTHING = new AccessFix(List.of(), List.of());

    public AccessFix {
        changes = List.copyOf(changes);
        left = List.copyOf(left);
    }

    /// @param seen what is there, its path free of links
    /// @param uid the owner it gets
    /// @param mode the permission bits it gets
    public record Change(FileMeta seen, int uid, int gid, int mode, String why) {}

    static AccessFix left(String why) {
        return new AccessFix(List.of(), List.of(why));
    }

    public static AccessFix of(NodeFacts facts) {
        return new Maker(facts, FileNeeds.of(facts, CertPair.all(facts.machine()))).make();
    }

    private static final class Maker {
        private final Machine machine;
        private final List<FileNeed> needs;
        private final ServiceUsers users;
        private final Map<String, Change> closing = new LinkedHashMap<>();
        private final Map<String, Change> opening = new LinkedHashMap<>();
        private final Map<String, Change> folders = new LinkedHashMap<>();
        private final List<String> left = new ArrayList<>();

        Maker(NodeFacts facts, List<FileNeed> needs) {
            this.machine = facts.machine();
            this.needs = needs;
            this.users = ServiceUsers.of(facts, needs);
        }

        AccessFix make() {
            needs.forEach(this::need);
            folders.keySet().forEach(this::secretsIn);
            List<Change> all = Stream.of(closing, opening, folders)
                    .flatMap(changes -> changes.values().stream())
                    .toList();
            return new AccessFix(all, left);
        }

        private void need(FileNeed need) {
            PathWalk walk = PathWalk.of(machine, need.path());
            if (walk.end().isEmpty()) {
                return;
            }
            FileMeta file = walk.end().get();
            if (!file.isFile() || file.hardLinks() != 1) {
                left.add("%s is %s".formatted(need.path(), oddity(file)));
                return;
            }
            if (!MachineAccess.mayChange(file.path())) {
                if (!satisfies(need, file)) {
                    left.add("%s leads to %s, outside the folders of a Kubernetes node"
                            .formatted(need.path(), file.path()));
                }
                return;
            }
            if (need.isAuthority() && !need.readers().isEmpty()) {
                left.add("%s is the key of a CA: no service user gets it, though %s wants it"
                        .formatted(need.path(), need.because()));
                return;
            }
            List<String> missing =
                    need.users().stream().filter(users::isMissing).toList();
            if (!missing.isEmpty()) {
                left.add("%s is for %s, whom this machine does not have yet"
                        .formatted(need.path(), String.join(", ", missing)));
                return;
            }
            file(need, file);
            readers(need).forEach(reader -> folders(walk, reader));
        }

        private static String oddity(FileMeta file) {
            return file.isFile() ? "a file with %d names (hard links)".formatted(file.hardLinks()) : "no regular file";
        }

        private void file(FileNeed need, FileMeta file) {
            if (satisfies(need, file)) {
                return;
            }
            Optional<FileMeta> wanted = candidates(need, file).stream()
                    .filter(c -> satisfies(need, c))
                    .findFirst();
            if (wanted.isEmpty()) {
                left.add(
                        Access.hasList(machine, file)
                                ? "%s (%s): its access list decides who reads it; setfacl -b %s, then fix again"
                                        .formatted(need.path(), file.words(), file.path())
                                : "%s (%s): no owner and mode give it to %s alone"
                                        .formatted(need.path(), file.words(), String.join(", ", need.users())));
                return;
            }
            Change change = change(file, wanted.get(), need.secret() ? "for " + whom(need) : "no secret: for all");
            (need.secret() ? closing : opening).put(file.path(), change);
        }

        private static String whom(FileNeed need) {
            return need.readers().isEmpty()
                    ? "root alone"
                    : String.join(" and ", need.users()) + " (" + need.because() + ")";
        }

        /// The smallest change first.
        private List<FileMeta> candidates(FileNeed need, FileMeta file) {
            if (!need.secret()) {
                return List.of(with(file, file.uid(), file.gid(), file.mode() | 0444));
            }
            int own = file.mode() & 0600 | 0400;
            List<FileMeta> found = new ArrayList<>();
            found.add(with(file, file.uid(), file.gid(), file.mode() & ~0007));
            found.add(with(file, file.uid(), file.gid(), own));
            List<Account> readers = readers(need);
            boolean oneUser = readers.stream().map(Account::uid).distinct().count() == 1;
            if (readers.stream().allMatch(reader -> reader.gids().contains(file.gid()))) {
                found.add(with(file, file.uid(), file.gid(), own | 0040));
            }
            if (readers.isEmpty()) {
                found.add(with(file, 0, 0, own));
            } else if (oneUser) {
                found.add(with(file, readers.getFirst().uid(), file.gid(), own));
            } else {
                Account second = readers.get(1);
                second.gids()
                        .forEach(gid -> found.add(with(file, readers.getFirst().uid(), gid, 0440)));
            }
            return found;
        }

        private boolean satisfies(FileNeed need, FileMeta file) {
            boolean read = readers(need).stream().allMatch(r -> (Access.bits(machine, file, r) & Access.READ) != 0);
            if (!need.secret()) {
                return read;
            }
            boolean strange = users.present().stream()
                    .filter(user -> !need.isReadBy(user))
                    .anyMatch(user -> (Access.bits(machine, file, users.account(user)) & Access.READ) != 0);
            return read && !strange && (file.mode() & 0007) == 0;
        }

        private List<Account> readers(FileNeed need) {
            return need.distinctReaders().stream().map(users::account).toList();
        }

        private void folders(PathWalk walk, Account reader) {
            for (FileMeta folder : walk.passed()) {
                FileMeta now = folders.containsKey(folder.path()) ? after(folders.get(folder.path())) : folder;
                if (!folder.isFolder() || passes(now, reader)) {
                    continue;
                }
                Stream.of(now.mode() | 0001, now.mode() | 0011)
                        .map(mode -> with(now, now.uid(), now.gid(), mode))
                        .filter(candidate -> passes(candidate, reader))
                        .findFirst()
                        .ifPresentOrElse(
                                wanted ->
                                        folders.put(folder.path(), change(folder, wanted, "to be passed, not listed")),
                                () -> left.add("the folder %s (%s) cannot be opened for %s by its mode"
                                        .formatted(folder.path(), folder.words(), reader.name())));
            }
        }

        private boolean passes(FileMeta folder, Account reader) {
            return (Access.bits(machine, folder, reader) & Access.EXECUTE) != 0;
        }

        /// What a closed folder protected so far is closed itself before the folder is opened.
        private void secretsIn(String folder) {
            for (String name : machine.list(folder)) {
                String path = (folder.equals("/") ? "" : folder) + "/" + name;
                Optional<FileMeta> file = machine.look(path);
                boolean open =
                        file.isPresent() && file.get().isFile() && (file.get().mode() & 0007) != 0;
                if (open && !closing.containsKey(path) && holdsSecret(path)) {
                    FileMeta seen = file.get();
                    closing.put(
                            path,
                            change(
                                    seen,
                                    with(seen, seen.uid(), seen.gid(), seen.mode() & ~0007),
                                    "a secret that only its folder protected"));
                }
            }
        }

        private boolean holdsSecret(String path) {
            String text = machine.read(path).textOrEmpty();
            return text.contains("PRIVATE KEY-----") || text.contains("client-key-data") || text.contains("token:");
        }

        private static FileMeta after(Change change) {
            return with(change.seen(), change.uid(), change.gid(), change.mode());
        }

        private static Change change(FileMeta seen, FileMeta wanted, String why) {
            return new Change(seen, wanted.uid(), wanted.gid(), wanted.mode(), why);
        }

        private static FileMeta with(FileMeta file, int uid, int gid, int mode) {
            return new FileMeta(
                    file.path(), file.kind(), uid, gid, mode, file.sizeBytes(), file.linkTarget(), file.hardLinks());
        }
    }
}
