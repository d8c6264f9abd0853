package io.etcdmedic.node.certs;

import io.etcdmedic.host.Account;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.node.EtcdFolder;
import io.etcdmedic.node.facts.NodeFacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Gives the member in etcd's data folder to the user that etcd is to run as.
///
/// Folders are first taken from whoever has them, from above to below, so that nobody can swap names while the
/// files are changed; then files, then folders from below to above get their new owner. Each prefix leaves a folder
/// that is closed to everybody but root, and each can be taken back.
///
/// @param changes in the order in which they are to be made
/// @param left what is not changed, and why
record EtcdDataFix(List<AccessFix.Change> changes, List<String> left) {
    private static final EtcdDataFix NOTHING = new EtcdDataFix(List.of(), List.of());

    EtcdDataFix {
        changes = List.copyOf(changes);
        left = List.copyOf(left);
    }

    /// @param root where the machine's `/` is on this one, free of links
    static EtcdDataFix of(NodeFacts facts, Path root) {
        return EtcdData.of(facts).map(data -> of(data, root)).orElse(NOTHING);
    }

    private static EtcdDataFix of(EtcdData data, Path root) {
        Optional<Account> account = data.account();
        if (account.isEmpty()) {
            return left("%s is for %s, whom this machine does not have yet"
                    .formatted(data.path(), data.user().user()));
        }
        boolean right = data.unsuited(account.get()).isEmpty() && !data.isOpen();
        Path folder = root.resolve(data.path().substring(1));
        if (right) {
            return NOTHING;
        }
        if (!EtcdFolder.mayOwn(folder.toString())) {
            return left("%s is outside the folders of a Kubernetes node".formatted(data.path()));
        }
        Optional<String> user = data.process().or(() -> EtcdFolder.holder(folder));
        if (user.isPresent()) {
            return left("%s: %s runs on it; stop it for good, then fix again".formatted(data.path(), user.get()));
        }
        return new Maker(data, account.get()).make();
    }

    private static EtcdDataFix left(String why) {
        return new EtcdDataFix(List.of(), List.of(why));
    }

    private static final class Maker {
        private final EtcdData data;
        private final int uid;
        private final int gid;
        private final List<AccessFix.Change> changes = new ArrayList<>();
        private final List<String> left = new ArrayList<>();

        Maker(EtcdData data, Account account) {
            this.data = data;
            this.uid = account.uid();
            this.gid = data.facts().accounts().primaryGroup(data.user().as(), account);
        }

        EtcdDataFix make() {
            List<FileMeta> folders = new ArrayList<>();
            for (FileMeta entry : data.entries()) {
                if (!data.isOwned(entry)) {
                    return EtcdDataFix.left("%s: %s is %s's, who is neither root nor the owner of the member"
                            .formatted(
                                    data.path(),
                                    entry.path(),
                                    data.facts().accounts().owner(entry)));
                }
                if (entry.isFolder()) {
                    folders.add(taken(entry));
                }
            }
            data.entries().stream().filter(FileMeta::isFile).forEach(file -> give(file, file.mode() & 0700 | 0600));
            Collections.reverse(folders);
            folders.forEach(folder -> give(folder, EtcdData.FOLDER_MODE));
            if (!data.strange().isEmpty()) {
                left.add("what is not etcd's: " + String.join(", ", data.strange()));
            }
            return new EtcdDataFix(changes, left);
        }

        private FileMeta taken(FileMeta folder) {
            boolean safe = folder.uid() == 0 && (folder.mode() & 0022) == 0;
            return safe ? folder : change(folder, 0, 0, EtcdData.FOLDER_MODE, "closed while its files are changed");
        }

        private void give(FileMeta entry, int mode) {
            if (entry.uid() != uid || entry.gid() != gid || entry.mode() != mode) {
                change(entry, uid, gid, mode, "for " + data.user().user() + " (etcd's data)");
            }
        }

        private FileMeta change(FileMeta seen, int owner, int group, int mode, String why) {
            changes.add(new AccessFix.Change(seen, owner, group, mode, why));
            return new FileMeta(
                    seen.path(),
                    seen.kind(),
                    owner,
                    group,
                    mode,
                    seen.sizeBytes(),
                    seen.linkTarget(),
                    seen.hardLinks());
        }
    }
}
