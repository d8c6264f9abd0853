package io.etcdmedic.repair;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where the engine keeps what a plan touches, before anything is sent.
public interface Vault {

    /// Keeps the plan itself, with its values, for resume and undo.
    ///
    /// @return the hash of the plan as it was written, which the journal keeps
    Sha256 keep(Plan plan);

    /// @throws io.etcdmedic.failure.Failure.Refused when it is missing or was edited
    Plan plan(String id);

    /// Writes an archive, reads it back and verifies it; when this returns, it is durable.
    ///
    /// @param files content by absolute path
    /// @throws io.etcdmedic.failure.Failure.Unreachable when the disk does not take it or gives other bytes
    Kept keep(Plan plan, Revision at, List<Entry> entries, Map<String, Bytes> files);

    /// The bytes that an archive of this vault keeps of `key`, by their hash.
    ///
    /// @throws io.etcdmedic.failure.Failure when the archive is missing or damaged
    Optional<Bytes> value(Kept kept, Key key, Sha256 value);

    Optional<Bytes> file(Kept kept, String path);

    /// @param file the archive's name in the vault; empty: nothing was kept (a dry run)
    record Kept(String file, Sha256 sha256) {}
}
