package io.etcdmedic.archive;

import io.etcdmedic.archive.Manifest.ArchivedFile;
import io.etcdmedic.archive.Manifest.ArchivedKey;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.keyspace.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// An archive on disk that was read from its first byte to its last and is whole.
public final class Archive {
    private final Path path;
    private final Manifest manifest;

    private Archive(Path path, Manifest manifest) {
        this.path = path;
        this.manifest = manifest;
    }

    /// Reads all of it: seal, every file's hash, and that manifest and files are one.
    ///
    /// @throws Failure.Unreachable when the file cannot be read
    /// @throws Failure.Corrupt when it is no archive, or damaged, or holds what an archive does not
    /// @throws Failure.Refused when it has a format of another version
    public static Archive open(Path path) {
        try (ArchiveStream files = ArchiveStream.open(path)) {
            Set<String> present = new HashSet<>();
            Optional<Manifest> manifest = Optional.empty();
            Optional<ArchiveStream.File> next = files.next();
            while (next.isPresent()) {
                if (manifest.isPresent() || !present.add(next.get().name())) {
                    throw corrupt(path, next.get().name() + " twice, or behind the manifest");
                }
                manifest = accept(path, next.get());
                next = files.next();
            }
            Archive archive = new Archive(path, manifest.orElseThrow(() -> corrupt(path, "no manifest")));
            archive.requireSame(present);
            return archive;
        } catch (IOException e) {
            throw unreachable(path, e);
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /// The keys for which `wanted` holds, with their values, in no particular order.
    public void entries(Predicate<ArchivedKey> wanted, Consumer<Entry> each) {
        java.util.Map<Sha256, List<ArchivedKey>> byValue = new java.util.HashMap<>();
        manifest.keys().stream()
                .filter(wanted)
                .forEach(key -> byValue.computeIfAbsent(key.sha256(), _ -> new ArrayList<>())
                        .add(key));
        contents("values/", file -> {
            for (ArchivedKey key : byValue.getOrDefault(file.sha256(), List.of())) {
                each.accept(new Entry(
                        key.key(),
                        file.content(),
                        key.createRevision(),
                        key.modRevision(),
                        key.version(),
                        key.lease()));
            }
        });
    }

    /// The bytes of this hash, of a key or a file.
    public Optional<Bytes> value(Sha256 sha256) {
        return named("values/" + sha256);
    }

    /// What people read beside a value.
    public Optional<String> yaml(ArchivedKey key) {
        return key.yaml().flatMap(sha -> named("yaml/" + sha + ".yaml")).map(Bytes::toUtf8);
    }

    private Optional<Bytes> named(String name) {
        List<Bytes> found = new ArrayList<>();
        contents(name, file -> found.add(file.content()));
        return found.stream().findFirst();
    }

    private void contents(String prefix, Consumer<ArchiveStream.File> each) {
        try (ArchiveStream files = ArchiveStream.open(path)) {
            Optional<ArchiveStream.File> next = files.next();
            while (next.isPresent()) {
                if (next.get().name().startsWith(prefix)) {
                    requireOwnHash(path, next.get());
                    each.accept(next.get());
                }
                next = files.next();
            }
        } catch (IOException e) {
            throw unreachable(path, e);
        }
    }

    private static Optional<Manifest> accept(Path path, ArchiveStream.File file) {
        if (!file.name().equals("manifest.jsonl")) {
            requireOwnHash(path, file);
            return Optional.empty();
        }
        return Optional.of(manifest(path, file.content()));
    }

    private static void requireOwnHash(Path path, ArchiveStream.File file) {
        if (!file.name().contains(file.sha256().hex())) {
            throw corrupt(path, file.name() + " with the hash " + file.sha256());
        }
    }

    private static Manifest manifest(Path path, Bytes text) {
        List<ArchivedKey> keys = new ArrayList<>();
        List<ArchivedFile> files = new ArrayList<>();
        Optional<Manifest.Head> head = Optional.empty();
        int start = 0;
        for (int end = text.indexOf((byte) '\n', 0); end >= 0; end = text.indexOf((byte) '\n', start)) {
            Document line = Json.read(text.slice(start, end));
            if (head.isEmpty()) {
                head = Optional.of(head(path, line));
            } else if (line.at("path").isPresent()) {
                files.add(Manifest.FORM.read(ArchivedFile.class, line));
            } else {
                keys.add(Manifest.FORM.read(ArchivedKey.class, line));
            }
            start = end + 1;
        }
        if (start != text.length()) {
            throw corrupt(path, "a manifest that breaks off");
        }
        return new Manifest(head.orElseThrow(() -> corrupt(path, "an empty manifest")), keys, files);
    }

    private static Manifest.Head head(Path path, Document line) {
        long format = line.whole("format").orElse(-1);
        if (format != Manifest.FORMAT) {
            throw new Failure.Refused(Problem.in("reading the archive " + path)
                    .found("it has format " + format)
                    .expected("format " + Manifest.FORMAT + ", which this version of medic reads"));
        }
        return Manifest.FORM.read(Manifest.Head.class, line);
    }

    /// Every file that the manifest names is there, and no other; keys are in order, each once.
    private void requireSame(Set<String> present) {
        Set<String> named = new HashSet<>();
        named.add("manifest.jsonl");
        for (int i = 0; i < manifest.keys().size(); i++) {
            ArchivedKey key = manifest.keys().get(i);
            named.add("values/" + key.sha256());
            key.yaml().ifPresent(yaml -> named.add("yaml/" + yaml + ".yaml"));
            if (i > 0 && manifest.keys().get(i - 1).key().compareTo(key.key()) >= 0) {
                throw corrupt(path, "keys out of order at " + key.key().display());
            }
        }
        manifest.files().forEach(file -> named.add("values/" + file.sha256()));
        if (!named.equals(present)) {
            throw corrupt(path, "a manifest that names other files than there are");
        }
    }

    private static Failure.Corrupt corrupt(Path path, String found) {
        return new Failure.Corrupt(Problem.in("reading the archive " + path)
                .found(found)
                .hint("it was changed since medic wrote it, or was not written by medic"));
    }

    private static Failure.Unreachable unreachable(Path path, IOException e) {
        return (Failure.Unreachable) new Failure.Unreachable(
                        Problem.in("reading the archive " + path).found(IoReason.of(e)))
                .because(e);
    }
}
