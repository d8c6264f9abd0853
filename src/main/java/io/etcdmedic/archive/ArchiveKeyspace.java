package io.etcdmedic.archive;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Gone;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// An archive's keys as a keyspace of one revision. The values of the keys that are wanted are in memory.
public final class ArchiveKeyspace implements Keyspace {
    private final Source source;
    private final Revision revision;
    private final NavigableMap<Key, Entry> entries = new TreeMap<>();

    private ArchiveKeyspace(Path path, Archive archive) {
        this.source = new Source(
                Source.Kind.ARCHIVE, path.toString(), archive.manifest().head().clusterId());
        this.revision = archive.manifest().head().revision();
    }

    /// @throws Failure as [Archive#open]
    public static ArchiveKeyspace open(Path path) {
        return open(path, _ -> true);
    }

    /// Only the keys for which `wanted` holds.
    public static ArchiveKeyspace open(Path path, Predicate<Key> wanted) {
        Archive archive = Archive.open(path);
        ArchiveKeyspace keyspace = new ArchiveKeyspace(path, archive);
        archive.entries(key -> wanted.test(key.key()), entry -> keyspace.entries.put(entry.key(), entry));
        return keyspace;
    }

    /// Every key, without its value.
    public static ArchiveKeyspace ofKeys(Path path) {
        Archive archive = Archive.open(path);
        ArchiveKeyspace keyspace = new ArchiveKeyspace(path, archive);
        for (Manifest.ArchivedKey key : archive.manifest().keys()) {
            keyspace.entries.put(
                    key.key(),
                    new Entry(
                            key.key(),
                            Bytes.EMPTY,
                            key.createRevision(),
                            key.modRevision(),
                            key.version(),
                            key.lease()));
        }
        return keyspace;
    }

    /// Whether `path` begins as an archive does, and a database file does not. A pipe is not asked: that would wait for
    /// who writes to it.
    public static boolean looksLikeOne(Path path) {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(path)) {
            return Bytes.owned(in.readNBytes(Seal.HEADER.length())).equals(Seal.HEADER);
        } catch (IOException unreadable) {
            return false;
        }
    }

    @Override
    public Source source() {
        return source;
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public Revision oldest() {
        return revision;
    }

    @Override
    public Optional<Entry> get(Key key, Optional<Revision> at) {
        requireOwn(at);
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public Entries scan(KeyRange range, Scan scan) {
        requireOwn(scan.revision());
        Iterator<Entry> found = within(range).values().iterator();
        return new Entries() {
            @Override
            public Revision revision() {
                return revision;
            }

            @Override
            public boolean hasNext() {
                return found.hasNext();
            }

            @Override
            public Entry next() {
                Entry e = found.next();
                return scan.content() == Scan.Content.VALUES
                        ? e
                        : new Entry(e.key(), Bytes.EMPTY, e.createRevision(), e.modRevision(), e.version(), e.lease());
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public long count(KeyRange range, Optional<Revision> at) {
        requireOwn(at);
        return within(range).size();
    }

    @Override
    public List<Change> history(Key key) {
        return Optional.ofNullable(entries.get(key)).stream()
                .<Change>map(Change.Put::new)
                .toList();
    }

    @Override
    public List<Gone> gone(KeyRange range) {
        return List.of();
    }

    private NavigableMap<Key, Entry> within(KeyRange range) {
        if (range.end().isEmpty()) {
            return entries.tailMap(range.from(), true);
        }
        Key end = range.end().get();
        return range.from().compareTo(end) < 0 ? entries.subMap(range.from(), true, end, false) : new TreeMap<>();
    }

    private void requireOwn(Optional<Revision> at) {
        if (at.isPresent() && at.get().number() != 0 && !at.get().equals(revision)) {
            Problem problem = Problem.in("reading " + source + " at revision " + at.get())
                    .found("an archive holds one revision, " + revision);
            throw at.get().compareTo(revision) < 0 ? new Failure.Compacted(problem) : new Failure.Refused(problem);
        }
    }

    @Override
    public void close() {}
}
