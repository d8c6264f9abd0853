package io.etcdmedic.archive;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.document.RecordForm;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import java.util.HexFormat;
import java.util.Optional;

/// What an archive says of all that it holds; each key and each file is a [Line].
///
/// @param keys how many
/// @param files of the machine: how many
/// @param valueBytes of all keys, a value that several have as often as they have it
/// @param undecoded keys without YAML
public record Manifest(Head head, long keys, long files, long valueBytes, long undecoded) {
    /// Raised with every change that an older or newer version would misread.
    public static final int FORMAT = 1;

    static final RecordForm FORM = new RecordForm()
            .text(Key.class, Key::display, text -> new Key(Escape.parse(text)))
            .text(Revision.class, Revision::toString, text -> Revision.of(Long.parseLong(text)))
            .text(LeaseId.class, LeaseId::hex, text -> new LeaseId(HexFormat.fromHexDigitsToLong(text)))
            .text(Sha256.class, Sha256::hex, Sha256::new);

    /// One thing that is in the archive: keys in key order first, then files in path order.
    public sealed interface Line permits ArchivedKey, ArchivedFile {}

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
            Optional<Sha256> yaml)
            implements Line {
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

    /// @param path absolute
    public record ArchivedFile(String path, long bytes, Sha256 sha256) implements Line {}
}
