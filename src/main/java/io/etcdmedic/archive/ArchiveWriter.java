package io.etcdmedic.archive;

import io.etcdmedic.archive.Manifest.ArchivedFile;
import io.etcdmedic.archive.Manifest.ArchivedKey;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.document.Json;
import io.etcdmedic.host.Spool;
import io.etcdmedic.keyspace.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// Writes an archive as it comes, key by key. The same keys, files and head give the same bytes.
///
/// Shape: a tar, compressed and sealed (see [Seal]): `values/SHA256` the stored bytes, `yaml/SHA256.yaml` what they
/// decode to, and last `manifest.jsonl`: the head, a line for each key in key order, a line for each file.
/// Memory: 30 bytes for each different value and each different YAML; the manifest waits in a [Spool].
public final class ArchiveWriter implements AutoCloseable {

    /// What people read beside a value.
    @FunctionalInterface
    public interface View {
        View NONE = _ -> Optional.empty();

        Optional<String> yaml(Entry entry);
    }

    private static final Bytes NEWLINE = Bytes.utf8("\n");
    private final OutputStream out;
    private final View view;
    private final MessageDigest digest = Sha256.digester();
    private final CRC32 crc = new CRC32();
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final DeflaterOutputStream body;
    private final Spool manifest;
    private final NameTable written = new NameTable();
    private long length;

    /// @param manifest where its lines wait until the values are written
    public ArchiveWriter(OutputStream out, Manifest.Head head, View view, Spool manifest) throws IOException {
        this.out = out;
        this.view = view;
        this.manifest = manifest;
        OutputStream hashed = new java.security.DigestOutputStream(out, digest);
        Seal.HEADER.writeTo(hashed);
        this.body = new DeflaterOutputStream(hashed, deflater, 1 << 16);
        line(Json.compactBytes(Manifest.FORM.write(head)));
    }

    /// Keys come in key order.
    public void key(Entry entry) throws IOException {
        Optional<Bytes> yaml = view.yaml(entry).map(Bytes::utf8);
        ArchivedKey archived = ArchivedKey.of(entry, yaml.map(Sha256::of));
        once("values/" + archived.sha256(), entry.value());
        if (yaml.isPresent()) {
            once("yaml/" + archived.yaml().orElseThrow() + ".yaml", yaml.get());
        }
        line(Json.compactBytes(Manifest.FORM.write(archived)));
    }

    public void file(String path, Bytes content) throws IOException {
        Sha256 sha256 = Sha256.of(content);
        once("values/" + sha256, content);
        line(Json.compactBytes(Manifest.FORM.write(new ArchivedFile(path, content.length(), sha256))));
    }

    /// Ends the archive: manifest, end of tar, seal. `out` stays open.
    @Override
    public void close() throws IOException {
        try {
            Tar tar = new Tar(ManifestLines.NAME, manifest.length());
            raw(tar.header());
            manifest.writeTo(new Raw());
            raw(new byte[tar.padding()]);
            raw(new byte[2 * Tar.BLOCK]);
            body.finish();
            byte[] end = new byte[Seal.MEMBER_END];
            littleEndian(end, 0, crc.getValue());
            littleEndian(end, 4, length);
            out.write(end);
            digest.update(end);
            Seal.of(Sha256.of(digest)).writeTo(out);
        } finally {
            deflater.end();
        }
    }

    private void once(String name, Bytes content) throws IOException {
        if (written.add(name, content.length())) {
            Tar tar = new Tar(name, content.length());
            raw(tar.header());
            raw(content.toArray());
            raw(new byte[tar.padding()]);
        }
    }

    private void raw(byte[] bytes) throws IOException {
        raw(bytes, 0, bytes.length);
    }

    private void raw(byte[] bytes, int from, int count) throws IOException {
        body.write(bytes, from, count);
        crc.update(bytes, from, count);
        length += count;
    }

    /// What goes into the tar as it is.
    private final class Raw extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            raw(new byte[] {(byte) one});
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            raw(bytes, from, count);
        }
    }

    private void line(Bytes json) throws IOException {
        json.writeTo(manifest);
        NEWLINE.writeTo(manifest);
    }

    private static void littleEndian(byte[] into, int at, long number) {
        for (int i = 0; i < 4; i++) {
            into[at + i] = (byte) (number >>> 8 * i);
        }
    }
}
