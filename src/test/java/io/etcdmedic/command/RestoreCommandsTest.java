package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.snapshot.RealEtcd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `snapshot restore --print`: what it prints is run as it stands.
///
/// Takes seconds: it starts an etcd, and another one on what was restored.
class RestoreCommandsTest {
    private static final long BUMPED = 1_000_000_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void theCommandsRestoreASnapshotAndACopy() throws Exception {
        Optional<Path> etcd = withEtcdutl();
        assumeTrue(etcd.isPresent(), "LEFT OUT: no etcdutl lies beside an etcd of PATH or MEDIC_ETCDS");
        Path saved = folder.resolve("a snapshot.db");
        Path copied = folder.resolve("copied.db");
        Path data = folder.resolve("data");
        try (RealEtcd cluster = RealEtcd.start(etcd.get(), data, List.of())) {
            cluster.commit(List.of(new Write.Put(Key.of("/k"), Bytes.utf8("v"), LeaseId.NONE)));
            cluster.etcdctl(List.of("member", "add", "late", "--learner", "--peer-urls=http://127.0.0.1:1"));
            cluster.save(saved);
        }
        Files.copy(data.resolve("member/snap/db"), copied);
        for (Path file : List.of(saved, copied)) {
            Path restored = folder.resolve("of " + file.getFileName());
            Ran ran = Ran.of("snapshot", "restore", "--print", "--data-dir", restored.toString(), file.toString());
            String script = new String(ran.stdout().toArray(), StandardCharsets.UTF_8);
            assertThat(ran.status()).as(ran.stderr()).isZero();
            assertThat(script)
                    .contains("had not started. Add it afterwards: etcdctl member add NAME --learner")
                    .contains("revision 2, 1 member");
            run(script, etcd.get().resolveSibling("etcdutl"));
            try (RealEtcd again = RealEtcd.start(etcd.get(), restored, List.of())) {
                assertThat(again.revision()).isEqualTo(BUMPED + 2);
                assertThat(again.range(Key.of("/k"), OptionalLong.empty()))
                        .singleElement()
                        .satisfies(entry -> assertThat(entry.value()).isEqualTo(Bytes.utf8("v")));
            }
        }
    }

    private static Optional<Path> withEtcdutl() {
        return RealEtcd.binaries().stream()
                .filter(etcd -> Files.isExecutable(etcd.resolveSibling("etcdutl")))
                .findFirst();
    }

    private static void run(String script, Path etcdutl) throws Exception {
        ProcessBuilder shell = new ProcessBuilder("sh", "-e").redirectErrorStream(true);
        String folder = etcdutl.resolveSibling("").toString();
        shell.environment().merge("PATH", folder, (path, first) -> first + ":" + path);
        Process process = shell.start();
        process.outputWriter(StandardCharsets.UTF_8).append(script).close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
