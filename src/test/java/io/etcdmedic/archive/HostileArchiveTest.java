package io.etcdmedic.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.Spool;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Archives that somebody made who knows the form: the seal fits, and what is inside does not.
class HostileArchiveTest {
    private static final Bytes VALUE = Bytes.utf8("value");
    private static final String VALUE_NAME = "values/" + Sha256.of(VALUE);

    @TempDir
    Path folder = Path.of("");

    /// One file of a tar, with what its header says.
    private record File(String name, long size, char type, Bytes content) {
        static File of(String name, Bytes content) {
            return new File(name, content.length(), '0', content);
        }
    }

    @Test
    void theHonestOneIsRead() throws IOException {
        Archive archive = Archive.open(sealed(honest()));
        List<Entry> entries = new ArrayList<>();
        archive.entries(_ -> true, entries::add);
        assertThat(entries).extracting(Entry::value).containsExactly(VALUE);
    }

    @Test
    void namesThatLeaveTheFolder() throws IOException {
        for (String name : List.of(
                "../../etc/cron.d/x",
                "/etc/passwd",
                "values/../../x",
                "values/" + "0".repeat(63) + "/",
                "values/" + Sha256.of(VALUE).hex().toUpperCase(java.util.Locale.ROOT),
                "values/x\u001b[2J",
                "",
                "x".repeat(100))) {
            refused(List.of(File.of(name, VALUE), honest().getLast()), "that no archive of medic has");
        }
    }

    @Test
    void linksAndDevices() throws IOException {
        for (char type : "1234567gxLKS\0".toCharArray()) {
            refused(
                    List.of(new File(VALUE_NAME, VALUE.length(), type, VALUE), honest().getLast()),
                    "that no archive of medic has");
        }
    }

    @Test
    void twiceAndBehindTheManifest() throws IOException {
        List<File> honest = honest();
        refused(List.of(honest.getFirst(), honest.getFirst(), honest.getLast()), "twice, or behind the manifest");
        refused(List.of(honest.getLast(), honest.getFirst()), "of which there are none");
        refused(List.of(honest.getFirst(), honest.getLast(), honest.getFirst()), "twice, or behind the manifest");
        refused(List.of(honest.getFirst(), honest.getLast(), honest.getLast()), "twice, or behind the manifest");
        refused(List.of(honest.getFirst()), "no manifest");
        refused(List.of(), "no manifest");
    }

    @Test
    void sizesThatCannotBe() throws IOException {
        for (long size : new long[] {1L << 30, (1L << 30) + 1, 0_77777777777L}) {
            assertThatThrownBy(() ->
                            Archive.open(sealed(List.of(new File(VALUE_NAME, size, '0', VALUE), honest().getLast()))))
                    .isInstanceOf(Failure.Corrupt.class);
        }
        for (String name : List.of(VALUE_NAME, "manifest.jsonl")) {
            refused(List.of(new File(name, 300L << 20, '0', VALUE)), "a file of 314572800 bytes in an archive of ");
        }
    }

    @Test
    void whatStandsBehindTheEnd() throws IOException {
        Path more = write(out -> {
            honestTo(out);
            out.write(new byte[Tar.BLOCK]);
        });
        assertThatThrownBy(() -> Archive.open(more)).hasMessageContaining("more after its end");
        Bytes honest = Bytes.owned(Files.readAllBytes(sealed(honest())));
        Bytes before = honest.slice(0, honest.length() - Seal.LENGTH).concat(Bytes.utf8("smuggled"));
        Path between = Files.write(
                folder.resolve("between"),
                before.concat(Seal.of(Sha256.of(before))).toArray());
        assertThatThrownBy(() -> Archive.open(between)).hasMessageContaining("bytes between its end and its seal");
    }

    private static void honestTo(OutputStream out) throws IOException {
        for (File file : honest()) {
            out.write(header(file));
            file.content().writeTo(out);
            out.write(new byte[(int) ((Tar.BLOCK - file.content().length() % Tar.BLOCK) % Tar.BLOCK)]);
        }
        out.write(new byte[2 * Tar.BLOCK]);
    }

    /// Whole, sealed, and not the one that was read before: nothing of it is believed.
    @Test
    void anotherArchiveInThePlaceOfTheOneThatWasRead() throws IOException {
        Path file = sealed(honest());
        Archive archive = Archive.open(file);
        ArchiveKeyspace keyspace = ArchiveKeyspace.open(file);
        List<File> other = List.of(
                honest().getFirst(),
                File.of(
                        "manifest.jsonl",
                        Bytes.utf8(manifest()
                                .replace("\"lease\":\"0000000000000000\"", "\"lease\":\"0000000000000007\""))));
        Files.copy(sealed(other), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(Archive.open(file)).isNotNull();
        for (org.assertj.core.api.ThrowableAssert.ThrowingCallable use :
                List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                        archive::lines,
                        () -> archive.value(Sha256.of(VALUE)),
                        () -> keyspace.get(Key.of("/registry/x")))) {
            assertThatThrownBy(use).hasMessageContaining("another archive than a moment ago");
        }
    }

    @Test
    void aHashThatIsAnother() throws IOException {
        refused(
                List.of(File.of(VALUE_NAME, Bytes.utf8("valve")), honest().getLast()),
                "with the hash " + Sha256.of(Bytes.utf8("valve")));
    }

    @Test
    void aManifestThatDisagrees() throws IOException {
        String manifest = manifest();
        assertDisagrees(manifest.replace("\"bytes\":5", "\"bytes\":6"), "says 6 bytes");
        assertDisagrees(manifest + keyLine(manifest), "keys out of order");
        assertDisagrees(manifest.replace(keyLine(manifest), ""), "names other files");
        assertDisagrees(manifest.replace(Sha256.of(VALUE).hex(), "0".repeat(64)), "of which there are none");
        String yaml = "\",\"yaml\":\"" + "0".repeat(64) + "\"}\n";
        assertDisagrees(
                manifest.replace(keyLine(manifest), keyLine(manifest).replace("\"}\n", yaml)), "names other files");
        assertDisagrees(manifest.strip(), "breaks off");
        assertDisagrees("", "no manifest");
        assertDisagrees("{}\n", "format -1");
        assertDisagrees(manifest.replace("\"format\":1", "\"format\":2"), "it has format 2");
        assertDisagrees(manifest.replace("\"format\":1", "\"format\":99999999999999999999"), "format");
        assertDisagrees("[".repeat(100_000) + "\n", "manifest");
        assertDisagrees("x".repeat(8 << 20), "a line of more than");
    }

    private void assertDisagrees(String manifest, String words) throws IOException {
        assertThatThrownBy(() -> Archive.open(
                        sealed(List.of(honest().getFirst(), File.of("manifest.jsonl", Bytes.utf8(manifest))))))
                .isInstanceOfAny(Failure.Corrupt.class, Failure.Refused.class)
                .hasMessageContaining(words);
    }

    /// Every byte of the manifest changed, and sealed again: refused, or an archive whose values have their hashes.
    @Test
    void everyByteOfAManifestChangedAndSealedAgain() throws IOException {
        byte[] manifest = manifest().getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        int read = 0;
        for (int i = 0; i < manifest.length; i++) {
            byte[] changed = manifest.clone();
            changed[i] ^= (byte) (1 << random.nextInt(8));
            Path file = sealed(List.of(honest().getFirst(), File.of("manifest.jsonl", Bytes.owned(changed))));
            try {
                Archive archive = Archive.open(file);
                archive.entries(_ -> true, entry -> assertThat(entry.value()).isEqualTo(VALUE));
                read++;
            } catch (Failure.Corrupt | Failure.Refused refused) {
                assertThat(refused.problem().message()).contains(file.toString());
            }
        }
        assertThat(read).as("labels and numbers that nothing contradicts").isLessThan(manifest.length / 2);
    }

    /// The program on little memory, as an operator runs it. Some seconds: it starts for each.
    @Test
    void aBombIsRefusedOnLittleMemoryAndNothingIsWritten() throws Exception {
        Path values = bomb("values/" + "0".repeat(64), 250L << 20);
        Path manifest = bomb("manifest.jsonl", 250L << 20);
        for (Path bomb : List.of(values, manifest)) {
            assertThat(Files.size(bomb)).isLessThan(1 << 20);
            for (List<String> words : List.of(
                    List.of("backup", "verify", bomb.toString()),
                    List.of("restore", "--from", bomb.toString(), "--snapshot", SNAPSHOT, "--dry-run"))) {
                Path work = Files.createTempDirectory(folder, "work");
                String said = run(work, words);
                assertThat(said).contains("[5]").contains("reading the archive").doesNotContain("memory");
                assertThat(work).isEmptyDirectory();
            }
        }
    }

    private static final String SNAPSHOT = Path.of("src/test/resources/fixtures/kubernetes-1.36/snapshot.db")
            .toAbsolutePath()
            .toString();

    private static String run(Path work, List<String> words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                absolute(System.getProperty("java.class.path")),
                "io.etcdmedic.Main"));
        command.addAll(words);
        Process process = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said + "[" + process.waitFor() + "]";
    }

    private static String absolute(String classpath) {
        return String.join(
                ":",
                java.util.Arrays.stream(classpath.split(":", -1))
                        .map(part -> Path.of(part).toAbsolutePath().toString())
                        .toList());
    }

    private Path bomb(String name, long size) throws IOException {
        return write(out -> {
            out.write(header(new File(name, size, '0', Bytes.EMPTY)));
            byte[] zeros = new byte[1 << 20];
            for (long left = size; left > 0; left -= zeros.length) {
                out.write(zeros, 0, (int) Math.min(left, zeros.length));
            }
            out.write(new byte[2 * Tar.BLOCK]);
        });
    }

    private void refused(List<File> files, String words) throws IOException {
        Path file = sealed(files);
        assertThatThrownBy(() -> Archive.open(file))
                .isInstanceOf(Failure.Corrupt.class)
                .hasMessageContaining(words);
        assertThatThrownBy(() -> ArchiveKeyspace.open(file)).isInstanceOf(Failure.Corrupt.class);
    }

    private static List<File> honest() throws IOException {
        return List.of(File.of(VALUE_NAME, VALUE), File.of("manifest.jsonl", Bytes.utf8(manifest())));
    }

    private static String keyLine(String manifest) {
        return manifest.substring(manifest.indexOf('\n') + 1);
    }

    /// As medic writes it.
    private static String manifest() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Manifest.Head head =
                new Manifest.Head(1, "9dbc1661ef5da000", Revision.of(7), "a test", "2026-07-01T12:00:00Z", "x");
        try (ArchiveWriter writer = new ArchiveWriter(out, head, ArchiveWriter.View.NONE, Spool.inMemory())) {
            writer.key(new Entry(Key.of("/registry/x"), VALUE, Revision.of(3), Revision.of(4), 2, LeaseId.NONE));
        }
        byte[] body = Bytes.owned(out.toByteArray()).from(Seal.HEADER.length()).toArray();
        java.util.zip.InflaterInputStream in = new java.util.zip.InflaterInputStream(
                new java.io.ByteArrayInputStream(body), new java.util.zip.Inflater(true));
        byte[] tar = in.readAllBytes();
        String text = new String(tar, StandardCharsets.ISO_8859_1);
        int start = text.indexOf("{\"");
        return text.substring(start, text.lastIndexOf("}\n") + 2);
    }

    private interface Body {
        void to(OutputStream out) throws IOException;
    }

    private Path sealed(List<File> files) throws IOException {
        return write(out -> {
            for (File file : files) {
                out.write(header(file));
                file.content().writeTo(out);
                out.write(new byte[(int) ((Tar.BLOCK - file.content().length() % Tar.BLOCK) % Tar.BLOCK)]);
            }
            out.write(new byte[2 * Tar.BLOCK]);
        });
    }

    private Path write(Body body) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        Seal.HEADER.writeTo(whole);
        CRC32 crc = new CRC32();
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        long length;
        try (DeflaterOutputStream out = new DeflaterOutputStream(whole, deflater)) {
            body.to(new java.util.zip.CheckedOutputStream(out, crc));
            out.finish();
            length = deflater.getBytesRead();
        }
        for (long number : new long[] {crc.getValue(), length}) {
            for (int i = 0; i < 4; i++) {
                whole.write((int) (number >>> 8 * i));
            }
        }
        Bytes before = Bytes.owned(whole.toByteArray());
        Path file = Files.createTempFile(folder, "hostile", ".tar.gz");
        Files.write(file, before.concat(Seal.of(Sha256.of(before))).toArray());
        return file;
    }

    /// A ustar header of any name, size and type, with its checksum right.
    private static byte[] header(File file) {
        byte[] block = new Tar("manifest.jsonl", 0).header();
        java.util.Arrays.fill(block, 0, 100, (byte) 0);
        byte[] name = file.name().getBytes(StandardCharsets.UTF_8);
        System.arraycopy(name, 0, block, 0, Math.min(name.length, 100));
        byte[] size = String.format("%011o", file.size()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, block, 124, 11);
        block[156] = (byte) file.type();
        java.util.Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        System.arraycopy(String.format("%06o", sum).getBytes(StandardCharsets.US_ASCII), 0, block, 148, 6);
        block[154] = 0;
        return block;
    }
}
