package io.etcdmedic.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.snapshot.RealEtcd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ctrl-C, on whole processes: each starts a Java runtime, which takes a second or two.
class InterruptTest {
    private static final long STOP_SECONDS_MAX = 5;

    @TempDir
    Path folder = Path.of("");

    @Test
    void aWatchEndsAtOnce() throws Exception {
        try (RealEtcd etcd = etcd()) {
            Path said = folder.resolve("said");
            Process medic = medic(said, "watch", "--all", "--from-revision", "2", "--endpoints", etcd.endpoint());
            etcd.commit(List.of(new Write.Put(Key.of("/a"), Bytes.utf8("1"), LeaseId.NONE)));
            await(medic, () -> text(said).contains("create /a"));
            assertThat(interrupted(medic)).isEqualTo(130);
            assertThat(text(folder.resolve("said.err"))).isEmpty();
        }
    }

    @Test
    void aSnapshotLeavesNothingBehind() throws Exception {
        try (RealEtcd etcd = etcd()) {
            for (int i = 0; i < 100; i++) {
                etcd.commit(
                        List.of(new Write.Put(Key.of("/large/" + i), Bytes.owned(new byte[1_000_000]), LeaseId.NONE)));
            }
            Path target = Files.createDirectory(folder.resolve("target"));
            Process medic = medic(
                    folder.resolve("said"),
                    "snapshot",
                    "save",
                    target.resolve("snap.db").toString(),
                    "--endpoints",
                    etcd.endpoint());
            await(medic, () -> !names(target).isEmpty());
            int status = interrupted(medic);
            if (status == 130) {
                assertThat(names(target)).isEmpty();
            } else {
                assertThat(status).as("it was faster than we").isZero();
                assertThat(names(target)).containsExactly("snap.db");
            }
        }
    }

    private RealEtcd etcd() throws Exception {
        return RealEtcd.start(RealEtcd.binaries().getFirst(), folder.resolve("etcd"), List.of());
    }

    private static Process medic(Path said, String... words) throws Exception {
        // Who runs in the background of a shell was told to ignore Ctrl-C, and hands that on.
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.etcdmedic.Main"));
        command.addAll(List.of(words));
        return new ProcessBuilder(command)
                .redirectOutput(said.toFile())
                .redirectError(Path.of(said + ".err").toFile())
                .start();
    }

    private static void await(Process medic, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 3_000 && medic.isAlive() && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static int interrupted(Process medic) throws Exception {
        new ProcessBuilder("kill", "-INT", Long.toString(medic.pid())).start().waitFor();
        assertThat(medic.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        return medic.exitValue();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (java.io.IOException notYet) {
            return "";
        }
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).toList();
        } catch (java.io.IOException gone) {
            throw new java.io.UncheckedIOException(gone);
        }
    }
}
