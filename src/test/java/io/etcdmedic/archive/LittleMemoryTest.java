package io.etcdmedic.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.host.DurableFile;
import io.etcdmedic.host.Spool;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Archives of more than fits in memory.
class LittleMemoryTest {
    private static final int KEYS = 6_000;

    @TempDir
    Path folder = Path.of("");

    /// Some seconds: a Java machine with 20 MB for an archive of 6,000 keys, whose values have 21 MB.
    @Test
    void anArchiveIsWrittenAndReadInLessMemoryThanItTakes() throws Exception {
        Path archive = folder.resolve("many.tar.gz");
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx20m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        archive.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.strip()).isEqualTo("listed 6000, walked 6000, found value 5999, shared one and the same");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(archive);
        }
    }

    /// Writes them, and reads them in each way.
    static final class Program {
        public static void main(String[] arguments) throws IOException {
            Path archive = Path.of(arguments[0]);
            DurableFile.streamNew(archive, out -> {
                try (Spool manifest = Spool.beside(archive);
                        ArchiveWriter writer = new ArchiveWriter(
                                out,
                                new Manifest.Head(Manifest.FORMAT, "", Revision.of(1), "a test", "", "everything"),
                                entry -> Optional.of("value: " + entry.value().toUtf8() + "\n"),
                                manifest)) {
                    for (int i = 0; i < KEYS; i++) {
                        writer.key(new Entry(key(i), value(i), Revision.of(1), Revision.of(1), 1, LeaseId.NONE));
                    }
                }
            });
            ArchiveKeyspace keyspace = ArchiveKeyspace.open(archive);
            System.out.println("listed " + listed(archive) + ", walked " + walked(keyspace) + ", found "
                    + begins(keyspace, KEYS - 1, 10) + ", shared " + begins(keyspace, 3_998, 16));
        }

        private static String begins(ArchiveKeyspace keyspace, int i, int length) {
            return keyspace.get(key(i), Optional.empty())
                    .orElseThrow()
                    .value()
                    .slice(0, length)
                    .toUtf8();
        }

        private static Key key(int i) {
            return Key.of("/registry/configmaps/default/%06d".formatted(i));
        }

        /// Every thousandth is one and the same; ten are large, so that all together are more than a small
        /// archive's, and than the heap.
        private static Bytes value(int i) {
            String unlike = i % 1000 == 998 ? "one and the same" : "value " + i;
            return Bytes.utf8(unlike + " ".repeat(i % 600 == 7 ? 2 << 20 : 60));
        }

        private static int listed(Path archive) {
            int count = 0;
            try (ArchiveLines lines = Archive.open(archive).lines()) {
                for (; lines.hasNext(); count++) {
                    var _ = lines.next();
                }
            }
            return count;
        }

        private static int walked(ArchiveKeyspace keyspace) {
            int count = 0;
            try (Entries entries = keyspace.scan(KeyRange.all(), Scan.values())) {
                for (; entries.hasNext(); count++) {
                    Entry entry = entries.next();
                    if (!entry.key().equals(key(count)) || !entry.value().equals(value(count))) {
                        throw new AssertionError("key " + count + " with another value");
                    }
                }
            }
            return count;
        }
    }
}
