package io.etcdmedic.archive;

import io.etcdmedic.archive.Manifest.ArchivedFile;
import io.etcdmedic.archive.Manifest.ArchivedKey;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.keyspace.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// An archive on disk that was read from its first byte to its last and is whole.
///
/// Memory: next to none. What is asked for is read from the disk again, and only from the very same archive.
public final class Archive {
    private static final String VALUES = "values/";
    private final Path path;
    private final Bytes seal;
    private final Manifest manifest;

    private Archive(Path path, Bytes seal, Manifest manifest) {
        this.path = path;
        this.seal = seal;
        this.manifest = manifest;
    }

    /// Reads all of it: seal, every file's hash, and that manifest and files are one.
    ///
    /// Memory: 30 bytes for each different value and each different YAML, until it returns.
    ///
    /// @throws Failure.Unreachable when the file cannot be read
    /// @throws Failure.Corrupt when it is no archive, or damaged, or holds what an archive does not
    /// @throws Failure.Refused when it has a format of another version
    public static Archive open(Path path) {
        return open(path, _ -> {});
    }

    /// @param each gets every key while it passes, before it is known that the archive is whole
    public static Archive open(Path path, Consumer<ArchivedKey> each) {
        return opened(path, (key, _) -> each.accept(key));
    }

    /// What sees a key pass, and the number of its value's file.
    interface Passing {
        void key(ArchivedKey key, int file);
    }

    static Archive opened(Path path, Passing passing) {
        try (ArchiveStream files = ArchiveStream.open(path)) {
            Manifest manifest = new Verification(path, files).whole(passing);
            return new Archive(path, files.seal(), manifest);
        } catch (IOException e) {
            throw unreachable(path, e);
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /// Every line of the manifest, one in memory at a time.
    public ArchiveLines lines() {
        return new ArchiveLines(this);
    }

    /// The files of the machine that are in it.
    public List<ArchivedFile> files() {
        List<ArchivedFile> files = new ArrayList<>();
        try (ArchiveLines lines = lines()) {
            while (manifest.files() > 0 && lines.hasNext()) {
                if (lines.next() instanceof ArchivedFile file) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    /// The keys for which `wanted` holds, with their values, in no particular order. What is wanted is in memory
    /// without its values, and one value at a time.
    public void entries(Predicate<ArchivedKey> wanted, Consumer<Entry> each) {
        Map<String, List<ArchivedKey>> byName = new HashMap<>();
        try (ArchiveLines lines = lines()) {
            while (lines.hasNext()) {
                if (lines.next() instanceof ArchivedKey key && wanted.test(key)) {
                    byName.computeIfAbsent(nameOf(key.sha256()), _ -> new ArrayList<>())
                            .add(key);
                }
            }
        }
        contents(byName.keySet()::contains, (name, content) -> {
            for (ArchivedKey key : byName.getOrDefault(name, List.of())) {
                each.accept(new Entry(
                        key.key(), content, key.createRevision(), key.modRevision(), key.version(), key.lease()));
            }
        });
    }

    /// The bytes of this hash, of a key or a file.
    public Optional<Bytes> value(Sha256 sha256) {
        return named(nameOf(sha256));
    }

    /// What people read beside a value.
    public Optional<String> yaml(ArchivedKey key) {
        return key.yaml().flatMap(sha -> named(nameOfYaml(sha))).map(Bytes::toUtf8);
    }

    static String nameOf(Sha256 value) {
        return VALUES + value;
    }

    static String nameOfYaml(Sha256 yaml) {
        return "yaml/" + yaml + ".yaml";
    }

    private Optional<Bytes> named(String wanted) {
        List<Bytes> found = new ArrayList<>();
        contents(wanted::equals, (_, content) -> found.add(content));
        return found.stream().findFirst();
    }

    private interface Named {
        void content(String name, Bytes content);
    }

    /// Those files that are wanted, one in memory at a time.
    private void contents(Predicate<String> wanted, Named each) {
        try (ArchiveStream files = again()) {
            for (Optional<Tar> next = files.next(); next.isPresent(); next = files.next()) {
                if (wanted.test(next.get().name())) {
                    each.content(next.get().name(), content(files, next.get()));
                }
            }
        } catch (IOException e) {
            throw unreachable(path, e);
        }
    }

    /// The file that passes, with the hash that its name says.
    Bytes content(ArchiveStream files, Tar header) throws IOException {
        Bytes content = files.bytes();
        requireOwnHash(path, header, Sha256.of(content));
        return content;
    }

    /// The archive from its beginning; what was read of it before still holds.
    ///
    /// @throws Failure.Corrupt when another one lies there now
    ArchiveStream again() throws IOException {
        ArchiveStream files = ArchiveStream.open(path);
        if (!files.seal().equals(seal)) {
            files.close();
            throw corrupt(path, "another archive than a moment ago");
        }
        return files;
    }

    Path path() {
        return path;
    }

    static void requireOwnHash(Path path, Tar header, Sha256 found) {
        if (!header.name().contains(found.hex())) {
            throw corrupt(path, header.name() + " with the hash " + found);
        }
    }

    static Failure.Corrupt corrupt(Path path, String found) {
        return new Failure.Corrupt(Problem.in("reading the archive " + path)
                .found(found)
                .hint("it was changed since medic wrote it, or was not written by medic"));
    }

    static Failure.Unreachable unreachable(Path path, IOException e) {
        return (Failure.Unreachable) new Failure.Unreachable(
                        Problem.in("reading the archive " + path).found(IoReason.of(e)))
                .because(e);
    }
}
