package io.etcdmedic.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.Spool;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    @TempDir
    Path folder = Path.of("");

    private static final Manifest.Head HEAD = new Manifest.Head(
            Manifest.FORMAT, "9dbc1661ef5da000", Revision.of(77), "a test", "2026-07-01T12:00:00Z", "everything");

    @Test
    void whatWentInComesOut() throws IOException {
        Path file = written(entries(40));
        Archive archive = Archive.open(file);
        List<Entry> back = new ArrayList<>();
        archive.entries(_ -> true, back::add);
        assertThat(back.stream().sorted(Comparator.comparing(Entry::key))).isEqualTo(entries(40));
        assertThat(archive.manifest().head()).isEqualTo(HEAD);
        assertThat(archive.files().getFirst().path()).isEqualTo("/etc/a file");
        assertThat(archive.value(archive.files().getFirst().sha256())).contains(Bytes.utf8("content"));
        assertThat(archive.yaml(keys(archive).getFirst())).contains("n: 0\n");
        assertThat(archive.yaml(keys(archive).get(1))).isEmpty();
    }

    @Test
    void theSameContentGivesTheSameBytes() throws IOException {
        assertThat(bytes(entries(40))).isEqualTo(bytes(entries(40)));
    }

    /// About five seconds, because every byte of an archive is changed once, and every length is tried.
    @Test
    void everyChangedByteAndEveryLostTailIsFound() throws IOException {
        byte[] whole = bytes(entries(4)).toArray();
        Path file = folder.resolve("damaged.tar.gz");
        Random random = new Random(5);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            assertThatThrownBy(() -> Archive.open(file)).as("byte %d", i).isInstanceOf(Failure.Corrupt.class);
        }
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Bytes.owned(whole).slice(0, length).toArray());
            assertThatThrownBy(() -> Archive.open(file)).as("length %d", length).isInstanceOf(Failure.Corrupt.class);
        }
        Files.write(file, Bytes.owned(whole).concat(Bytes.utf8("x")).toArray());
        assertThatThrownBy(() -> Archive.open(file)).isInstanceOf(Failure.Corrupt.class);
    }

    /// Tar and gzip are the oracle: an archive can be opened without medic.
    @Test
    @Timeout(60)
    void aPipeIsNotWaitedFor() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(ArchiveKeyspace.looksLikeOne(pipe)).isFalse();
    }

    @Test
    void tarReadsIt() throws IOException, InterruptedException {
        Path file = written(entries(3));
        Process tar = new ProcessBuilder("tar", "tzf", file.toString())
                .redirectErrorStream(true)
                .start();
        String names = new String(tar.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(tar.waitFor()).as(names).isZero();
        assertThat(names.lines()).hasSize(7).last().isEqualTo("manifest.jsonl");
    }

    private static List<Manifest.ArchivedKey> keys(Archive archive) {
        List<Manifest.ArchivedKey> keys = new ArrayList<>();
        Archive.open(archive.path(), keys::add);
        return keys;
    }

    private static List<Entry> entries(int count) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(new Entry(
                    new Key(Bytes.utf8("/registry/x/%03d\u0000\u00ff".formatted(i))),
                    Bytes.owned(new byte[] {(byte) i, 0, -1}),
                    Revision.of(i + 1L),
                    Revision.of(i + 2L),
                    3,
                    i % 2 == 0 ? LeaseId.NONE : new LeaseId(-i)));
        }
        return entries;
    }

    private Path written(List<Entry> entries) throws IOException {
        return Files.write(folder.resolve("archive.tar.gz"), bytes(entries).toArray());
    }

    private static Bytes bytes(List<Entry> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ArchiveWriter writer = new ArchiveWriter(
                out,
                HEAD,
                e -> e.lease().isNone() ? Optional.of("n: " + e.value().at(0) + "\n") : Optional.empty(),
                Spool.inMemory())) {
            for (Entry entry : entries) {
                writer.key(entry);
            }
            writer.file("/etc/a file", Bytes.utf8("content"));
        }
        return Bytes.owned(out.toByteArray());
    }
}
