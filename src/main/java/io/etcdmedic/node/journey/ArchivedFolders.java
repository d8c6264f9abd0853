package io.etcdmedic.node.journey;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Whether the node's folders were copied: every file is in the archive with the same content.
final class ArchivedFolders {
    /// What a rebuild cannot make again.
    static final List<String> KEYS = List.of("/etc/kubernetes/ssl");

    static final List<String> FOLDERS = List.of("/etc/kubernetes", "/etc/cni/net.d", "/opt/cni/bin");

    private static final int FILES_MAX = 5_000;
    private static final int DEPTH_MAX = 8;

    private ArchivedFolders() {}

    static Verdict verdict(RebuildView view, List<String> folders) {
        if (view.archive().isEmpty()) {
            return Verdict.notYet(
                    "no archive was named",
                    "copy them, keys and all, off the node: cp -a --parents " + String.join(" ", folders)
                            + " DIR; then medic node rebuild --archive DIR");
        }
        Machine archive = LiveMachine.at(view.archive().get());
        List<String> lacking = new ArrayList<>();
        int[] count = new int[1];
        folders.forEach(folder -> compare(view.now().machine(), archive, folder, 0, lacking, count));
        if (count[0] == 0) {
            return Verdict.notYet("the node has none of " + String.join(", ", folders), "run this on the node");
        }
        return lacking.isEmpty()
                ? Verdict.reached("%d files are in %s as they are on the node"
                        .formatted(count[0], view.archive().get()))
                : Verdict.notYet(
                        "%d files are missing in %s or differ, among them %s"
                                .formatted(lacking.size(), view.archive().get(), lacking.getFirst()),
                        "cp -a --parents " + String.join(" ", folders) + " "
                                + view.archive().get());
    }

    private static void compare(
            Machine node, Machine archive, String folder, int depth, List<String> lacking, int[] count) {
        for (String name : node.list(folder)) {
            String path = folder + "/" + name;
            if (count[0] < FILES_MAX && depth <= DEPTH_MAX) {
                node.look(path).ifPresent(meta -> compare(node, archive, meta, depth, lacking, count));
            }
        }
    }

    private static void compare(
            Machine node, Machine archive, FileMeta meta, int depth, List<String> lacking, int[] count) {
        if (meta.isFolder()) {
            compare(node, archive, meta.path(), depth + 1, lacking, count);
        } else if (meta.isFile()) {
            count[0]++;
            if (!isSame(node, archive, meta.path(), meta)) {
                lacking.add(meta.path());
            }
        }
    }

    /// Files larger than what is read are told by their size.
    private static boolean isSame(Machine node, Machine archive, String path, FileMeta meta) {
        if (node.content(path) instanceof FileContent.Present here) {
            return archive.content(path) instanceof FileContent.Present there
                    && there.bytes().equals(here.bytes());
        }
        return archive.look(path)
                .filter(m -> m.isFile() && m.sizeBytes() == meta.sizeBytes())
                .isPresent();
    }

    static Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("looking at " + file).found(IoReason.of(e))).because(e);
        }
    }
}
