package io.etcdmedic.host;

import java.util.List;
import java.util.Optional;

/// What a user can really do with a file: the mode and access list of the file and of every folder above it.
///
/// Source: acl(5), path_resolution(7). Linux security modules and file system flags are not considered.
public final class Access {
    public static final int READ = 4;
    public static final int WRITE = 2;
    public static final int EXECUTE = 1;

    private Access() {}

    /// Why `account` cannot read the file at `path`; empty when it can.
    public static Optional<String> readDenied(Machine machine, String path, Account account) {
        PathWalk walk = PathWalk.of(machine, path);
        if (walk.end().isEmpty()) {
            return Optional.of(walk.broken().isEmpty() ? path + " is not there" : walk.broken());
        }
        for (FileMeta folder : walk.passed()) {
            if (folder.isFolder() && (bits(machine, folder, account) & EXECUTE) == 0) {
                return Optional.of("the folder %s (%s%s) cannot be passed"
                        .formatted(folder.path(), folder.words(), list(machine, folder)));
            }
        }
        FileMeta file = walk.end().get();
        return (bits(machine, file, account) & READ) != 0
                ? Optional.empty()
                : Optional.of("%s is %s%s".formatted(file.path(), file.words(), list(machine, file)));
    }

    private static String list(Machine machine, FileMeta file) {
        return hasList(machine, file) ? ", with an access list (getfacl)" : "";
    }

    /// Whether an access list says more than the mode.
    public static boolean hasList(Machine machine, FileMeta file) {
        return (file.mode() & 0070) != 0
                && machine.acl(file.path())
                        .filter(entries -> !entries.isEmpty())
                        .isPresent();
    }

    /// The rights of `account` on `meta` itself: a sum of `READ`, `WRITE`, `EXECUTE`.
    public static int bits(Machine machine, FileMeta meta, Account account) {
        if (account.uid() == 0) {
            return meta.isFolder() || (meta.mode() & 0111) != 0 ? 7 : READ | WRITE;
        }
        if (account.uid() == meta.uid()) {
            return meta.mode() >> 6 & 7;
        }
        if ((meta.mode() & 0070) == 0) {
            // Linux does not look at the access list when the mask is empty (fs/namei.c, acl_permission_check).
            return plain(meta, account);
        }
        List<AclEntry> acl = machine.acl(meta.path()).orElse(List.of());
        return acl.isEmpty() ? plain(meta, account) : listed(meta, account, acl);
    }

    private static int plain(FileMeta meta, Account account) {
        return account.gids().contains(meta.gid()) ? meta.mode() >> 3 & 7 : meta.mode() & 7;
    }

    private static int listed(FileMeta meta, Account account, List<AclEntry> acl) {
        int mask = of(acl, AclEntry.Kind.MASK, -1).orElse(7);
        Optional<Integer> user = of(acl, AclEntry.Kind.USER, account.uid());
        if (user.isPresent()) {
            return user.get() & mask;
        }
        boolean inGroup = false;
        int groupBits = 0;
        if (account.gids().contains(meta.gid())) {
            inGroup = true;
            groupBits |= of(acl, AclEntry.Kind.OWNING_GROUP, -1).orElse(meta.mode() >> 3 & 7);
        }
        for (AclEntry entry : acl) {
            if (entry.kind() == AclEntry.Kind.GROUP && account.gids().contains(entry.id())) {
                inGroup = true;
                groupBits |= entry.bits();
            }
        }
        return inGroup ? groupBits & mask : meta.mode() & 7;
    }

    private static Optional<Integer> of(List<AclEntry> acl, AclEntry.Kind kind, int id) {
        return acl.stream()
                .filter(e -> e.kind() == kind && e.id() == id)
                .map(AclEntry::bits)
                .findFirst();
    }
}
