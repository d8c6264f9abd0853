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
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// An archive's keys as a keyspace of one revision.
///
/// Memory: the keys (see [ArchiveIndex]); the values of a small archive, once one was asked for. Of a large one the
/// values are read from the disk when they are asked for, and each walk or single question is one reading.
public final class ArchiveKeyspace implements Keyspace {
    private static final long SMALL_BYTES_MAX = 16L << 20;

    private final Source source;
    private final Revision revision;
    private final Archive archive;
    private final ArchiveIndex index;
    private Map<Integer, Bytes> all = Map.of();

    private ArchiveKeyspace(Path path, Archive archive, ArchiveIndex index) {
        this.source = new Source(
                Source.Kind.ARCHIVE, path.toString(), archive.manifest().head().clusterId());
        this.revision = archive.manifest().head().revision();
        this.archive = archive;
        this.index = index;
    }

    /// @throws Failure as [Archive#open]
    public static ArchiveKeyspace open(Path path) {
        ArchiveIndex index = new ArchiveIndex();
        return new ArchiveKeyspace(path, Archive.opened(path, index::add), index);
    }

    /// Whether `path` begins as an archive does, and a database file does not. A pipe is not asked: that would wait
    /// for who writes to it.
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
        try (Entries found = entries(KeyRange.single(key), Scan.Content.VALUES)) {
            return found.hasNext() ? Optional.of(found.next()) : Optional.empty();
        }
    }

    @Override
    public Entries scan(KeyRange range, Scan scan) {
        requireOwn(scan.revision());
        return entries(range, scan.content());
    }

    private Entries entries(KeyRange range, Scan.Content content) {
        int from = index.lowerBound(range.from());
        int end = index.upperBound(range);
        boolean read = content == Scan.Content.VALUES && from < end;
        return new ArchiveEntries(
                revision,
                index,
                from,
                end,
                read ? Optional.of(new ArchiveValues(archive, index, small())) : Optional.empty());
    }

    /// Every value of a small archive, by the number of its file.
    private synchronized Map<Integer, Bytes> small() {
        if (all.isEmpty() && archive.manifest().valueBytes() <= SMALL_BYTES_MAX) {
            NavigableSet<Integer> files = new TreeSet<>();
            for (int i = 0; i < index.size(); i++) {
                files.add(index.file(i));
            }
            try (ArchiveValues values = new ArchiveValues(archive, index, Map.of())) {
                values.read(files);
                all = Map.copyOf(values.batch());
            }
        }
        return all;
    }

    @Override
    public long count(KeyRange range, Optional<Revision> at) {
        requireOwn(at);
        return index.upperBound(range) - index.lowerBound(range.from());
    }

    @Override
    public List<Change> history(Key key) {
        return get(key, Optional.empty()).stream().<Change>map(Change.Put::new).toList();
    }

    @Override
    public List<Gone> gone(KeyRange range) {
        return List.of();
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
