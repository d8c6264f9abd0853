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

/// Archives of more keys than fit in memory with what is said of them.
class LittleMemoryTest {
    private static final int KEYS = 60_000;

    @TempDir
    Path folder = Path.of("");

    /// Some seconds: a Java machine with 24 MB for an archive of 60,000 keys, whose manifest alone has 20 MB.
    @Test
    void anArchiveIsWrittenAndReadInLessMemoryThanItsManifestTakes() throws Exception {
        Path archive = folder.resolve("many.tar.gz");
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx24m",
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
        assertThat(said.strip()).isEqualTo("listed 60000, walked 60000, found value 59999, shared one and the same");
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
            System.out.printf(
                    "listed %d, walked %d, found %s, shared %s%n",
                    listed(archive),
                    walked(keyspace),
                    keyspace.get(key(KEYS - 1), Optional.empty())
                            .orElseThrow()
                            .value()
                            .slice(0, 11)
                            .toUtf8(),
                    keyspace.get(key(29_998), Optional.empty())
                            .orElseThrow()
                            .value()
                            .slice(0, 16)
                            .toUtf8());
        }

        private static Key key(int i) {
            return Key.of("/registry/configmaps/default/%06d".formatted(i));
        }

        /// Every thousandth is one and the same; all together they are more than a small archive's, and than the
        /// heap.
        private static Bytes value(int i) {
            String unlike = i % 1000 == 998 ? "one and the same" : "value " + i;
            return Bytes.utf8(unlike + " ".repeat(600));
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
