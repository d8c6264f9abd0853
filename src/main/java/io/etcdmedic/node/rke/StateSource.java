package io.etcdmedic.node.rke;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// A file that RKE1's state may be in, besides a database: `cluster.rkestate` itself, or a published snapshot, a zip
/// that holds it beside the database.
///
/// Source: RKE services/etcd.go (`/opt/rke/etcd-snapshots/NAME.zip` with `backup/NAME` and its `.rkestate`).
public final class StateSource {
    /// A cluster of 1,000 nodes has a state of some 10 MB.
    private static final int STATE_BYTES_MAX = 64 << 20;

    private StateSource() {}

    /// The state in `file`; empty when the file is neither JSON nor a zip, and so perhaps a database.
    ///
    /// @throws Failure.Corrupt when it is one of them and holds no state that can be read
    public static Optional<ClusterState> in(Path file) {
        byte[] head = head(file);
        if (head.length > 0 && head[0] == '{') {
            return Optional.of(ClusterState.file(file));
        }
        return head.length == 2 && head[0] == 'P' && head[1] == 'K' ? Optional.of(zip(file)) : Optional.empty();
    }

    private static byte[] head(Path file) {
        if (!Files.isRegularFile(file)) {
            return new byte[0];
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(2);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static ClusterState zip(Path file) {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".rkestate")) {
                    byte[] content = zip.readNBytes(STATE_BYTES_MAX + 1);
                    if (content.length > STATE_BYTES_MAX) {
                        throw new Failure.Corrupt(Problem.in("reading " + file)
                                .found("a state of more than " + STATE_BYTES_MAX + " bytes"));
                    }
                    return ClusterState.parse(file + ", " + entry.getName(), Bytes.owned(content));
                }
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        throw new Failure.Corrupt(Problem.in("reading " + file)
                .found("a zip without a .rkestate file")
                .hint("unpack the database from it and name that: --from FILE"));
    }

    private static Failure unreadable(Path file, IOException e) {
        return new Failure.Unreachable(Problem.in("reading " + file).found(IoReason.of(e))).because(e);
    }
}
