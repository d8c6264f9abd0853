package io.etcdmedic.archive;

import io.etcdmedic.archive.Manifest.ArchivedFile;
import io.etcdmedic.archive.Manifest.ArchivedKey;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Key;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;

/// One reading of an archive from its first file to its last, which finds it whole or fails.
///
/// Every file has the hash in its name; the manifest is the last; it names every file, and no other; its keys are
/// in order, each once.
final class Verification {
    private final Path path;
    private final ArchiveStream files;
    private final NameTable present = new NameTable();
    private final BitSet named = new BitSet();
    private Optional<Key> before = Optional.empty();
    private long keys;
    private long machineFiles;
    private long valueBytes;
    private long undecoded;

    Verification(Path path, ArchiveStream files) {
        this.path = path;
        this.files = files;
    }

    /// @throws Failure.Corrupt when it is not whole
    Manifest whole(Archive.Passing passing) throws IOException {
        Optional<Tar> next = files.next();
        while (next.isPresent() && !next.get().name().equals(ManifestLines.NAME)) {
            Tar file = next.get();
            Archive.requireOwnHash(path, file, files.hash());
            if (!present.add(file.name(), (int) file.size())) {
                throw twice(file);
            }
            next = files.next();
        }
        if (next.isEmpty()) {
            throw ManifestLines.none(path);
        }
        Manifest manifest = read(passing);
        Optional<Tar> behind = files.next();
        if (behind.isPresent()) {
            throw twice(behind.get());
        }
        return manifest;
    }

    private Manifest read(Archive.Passing passing) throws IOException {
        ManifestLines lines = new ManifestLines(path, files.content());
        for (Optional<Manifest.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            switch (line.get()) {
                case ArchivedKey key -> passing.key(key, key(key));
                case ArchivedFile file -> {
                    machineFiles++;
                    value(file.sha256(), file.bytes());
                }
            }
        }
        if (named.cardinality() != present.count()) {
            throw Archive.corrupt(path, "a manifest that names other files than there are");
        }
        return new Manifest(lines.head(), keys, machineFiles, valueBytes, undecoded);
    }

    private int key(ArchivedKey key) {
        int value = value(key.sha256(), key.bytes());
        if (key.yaml().isPresent()) {
            name(Archive.nameOfYaml(key.yaml().get()));
        } else {
            undecoded++;
        }
        if (before.isPresent() && before.get().compareTo(key.key()) >= 0) {
            throw Archive.corrupt(path, "keys out of order at " + key.key().display());
        }
        before = Optional.of(key.key());
        keys++;
        valueBytes += key.bytes();
        return value;
    }

    /// @return the number of the value's file
    private int value(Sha256 sha256, long bytes) {
        int number = present.find(Archive.nameOf(sha256));
        if (number == NameTable.NONE || present.size(number) != bytes) {
            throw Archive.corrupt(
                    path,
                    "a manifest that says " + bytes + " bytes of value " + sha256 + ", of which there are "
                            + (number == NameTable.NONE ? "none" : present.size(number)));
        }
        named.set(number);
        return number;
    }

    private void name(String name) {
        int number = present.find(name);
        if (number == NameTable.NONE) {
            throw Archive.corrupt(path, "a manifest that names other files than there are");
        }
        named.set(number);
    }

    private Failure.Corrupt twice(Tar file) {
        return Archive.corrupt(path, file.name() + " twice, or behind the manifest");
    }
}
