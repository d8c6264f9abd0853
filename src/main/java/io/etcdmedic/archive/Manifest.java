package io.etcdmedic.archive;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.document.RecordForm;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What an archive says it holds.
///
/// @param keys in key order
/// @param files of the machine, by absolute path, in path order
public record Manifest(Head head, List<ArchivedKey> keys, List<ArchivedFile> files) {
    /// Raised with every change that an older or newer version would misread.
    public static final int FORMAT = 1;

    static final RecordForm FORM = new RecordForm()
            .text(Key.class, Key::display, text -> new Key(Escape.parse(text)))
            .text(Revision.class, Revision::toString, text -> Revision.of(Long.parseLong(text)))
            .text(LeaseId.class, LeaseId::hex, text -> new LeaseId(HexFormat.fromHexDigitsToLong(text)))
            .text(Sha256.class, Sha256::hex, Sha256::new);

    public Manifest {
        keys = List.copyOf(keys);
        files = List.copyOf(files);
    }

    /// @param clusterId hexadecimal; empty when the source did not know it
    /// @param revision at which every key was read
    /// @param source who answered
    /// @param created when, ISO 8601, UTC; a label; empty in a backup, so that the same state gives the same bytes
    /// @param of what it is an archive of, in words: the selection, or the plan's id
    public record Head(int format, String clusterId, Revision revision, String source, String created, String of) {}

    /// @param yaml hash of the decoded form that lies beside the value, for people; empty: it could not be decoded
    public record ArchivedKey(
            Key key,
            Revision createRevision,
            Revision modRevision,
            long version,
            LeaseId lease,
            long bytes,
            Sha256 sha256,
            Optional<Sha256> yaml) {
        static ArchivedKey of(Entry entry, Optional<Sha256> yaml) {
            return new ArchivedKey(
                    entry.key(),
                    entry.createRevision(),
                    entry.modRevision(),
                    entry.version(),
                    entry.lease(),
                    entry.value().length(),
                    Sha256.of(entry.value()),
                    yaml);
        }
    }

    public record ArchivedFile(String path, long bytes, Sha256 sha256) {}
}
