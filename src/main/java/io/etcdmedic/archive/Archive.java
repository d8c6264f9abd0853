package io.etcdmedic.archive;

import io.etcdmedic.archive.Manifest.ArchivedKey;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.keyspace.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// An archive on disk that was read from its first byte to its last and is whole.
public final class Archive {
    private static final String VALUES = "values/";
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
            ManifestLines manifest = new ManifestLines(path);
            Map<String, Long> present = new HashMap<>();
            Function<String, ArchiveStream.Sink> sinks = name -> {
                if (present.containsKey(ManifestLines.NAME) || present.containsKey(name)) {
                    throw corrupt(path, name + " twice, or behind the manifest");
                }
                return manifest.sink(name);
            };
            Optional<ArchiveStream.File> next = files.next(sinks);
            while (next.isPresent()) {
                requireOwnHash(path, next.get());
                present.put(next.get().name(), next.get().size());
                next = files.next(sinks);
            }
            Archive archive = new Archive(path, manifest.whole());
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
        Map<Sha256, List<ArchivedKey>> byValue = new HashMap<>();
        manifest.keys().stream()
                .filter(wanted)
                .forEach(key -> byValue.computeIfAbsent(key.sha256(), _ -> new ArrayList<>())
                        .add(key));
        contents(
                name -> name.startsWith(VALUES) && byValue.containsKey(new Sha256(name.substring(VALUES.length()))),
                (sha256, content) -> {
                    for (ArchivedKey key : byValue.getOrDefault(sha256, List.of())) {
                        each.accept(new Entry(
                                key.key(),
                                content,
                                key.createRevision(),
                                key.modRevision(),
                                key.version(),
                                key.lease()));
                    }
                });
    }

    /// The bytes of this hash, of a key or a file.
    public Optional<Bytes> value(Sha256 sha256) {
        return named(VALUES + sha256);
    }

    /// What people read beside a value.
    public Optional<String> yaml(ArchivedKey key) {
        return key.yaml().flatMap(sha -> named("yaml/" + sha + ".yaml")).map(Bytes::toUtf8);
    }

    private Optional<Bytes> named(String wanted) {
        List<Bytes> found = new ArrayList<>();
        contents(wanted::equals, (_, content) -> found.add(content));
        return found.stream().findFirst();
    }

    /// Those files that are wanted, one in memory at a time.
    private void contents(Predicate<String> wanted, BiConsumer<Sha256, Bytes> each) {
        try (ArchiveStream files = ArchiveStream.open(path)) {
            List<ByteArrayOutputStream> held = new ArrayList<>();
            Function<String, ArchiveStream.Sink> sinks = name -> {
                held.clear();
                if (!wanted.test(name)) {
                    return ArchiveStream.Sink.NOWHERE;
                }
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                held.add(bytes);
                return (piece, length) -> bytes.write(piece, 0, length);
            };
            Optional<ArchiveStream.File> next = files.next(sinks);
            while (next.isPresent()) {
                requireOwnHash(path, next.get());
                for (ByteArrayOutputStream bytes : held) {
                    each.accept(next.get().sha256(), Bytes.owned(bytes.toByteArray()));
                }
                next = files.next(sinks);
            }
        } catch (IOException e) {
            throw unreachable(path, e);
        }
    }

    private static void requireOwnHash(Path path, ArchiveStream.File file) {
        if (!file.name().equals(ManifestLines.NAME)
                && !file.name().contains(file.sha256().hex())) {
            throw corrupt(path, file.name() + " with the hash " + file.sha256());
        }
    }

    /// Every file that the manifest names is there, and no other; keys are in order, each once.
    private void requireSame(Map<String, Long> present) {
        Set<String> named = new HashSet<>();
        named.add(ManifestLines.NAME);
        for (int i = 0; i < manifest.keys().size(); i++) {
            ArchivedKey key = manifest.keys().get(i);
            named.add(VALUES + key.sha256());
            requireLength(present, key.sha256(), key.bytes());
            key.yaml().ifPresent(yaml -> named.add("yaml/" + yaml + ".yaml"));
            if (i > 0 && manifest.keys().get(i - 1).key().compareTo(key.key()) >= 0) {
                throw corrupt(path, "keys out of order at " + key.key().display());
            }
        }
        manifest.files().forEach(file -> {
            named.add(VALUES + file.sha256());
            requireLength(present, file.sha256(), file.bytes());
        });
        if (!named.equals(present.keySet())) {
            throw corrupt(path, "a manifest that names other files than there are");
        }
    }

    private void requireLength(Map<String, Long> present, Sha256 sha256, long bytes) {
        Long length = present.get(VALUES + sha256);
        if (length == null || length != bytes) {
            throw corrupt(
                    path,
                    "a manifest that says " + bytes + " bytes of value " + sha256 + ", of which there are " + length);
        }
    }

    static Failure.Corrupt corrupt(Path path, String found) {
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
