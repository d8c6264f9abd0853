package io.etcdmedic.repair;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.repair.plan.HostChange.Ownership;
import java.util.List;
import java.util.Optional;

/// The machine, as far as host steps change it and look at it.
///
/// Errors: `Failure.Refused` for what is no regular file with one name (a link, a device), `Failure.Unreachable` when
/// the file system or the program does not do it.
public interface HostAccess {

    /// The file's content; empty: there is none.
    Optional<Bytes> content(String path);

    Optional<Ownership> ownership(String path);

    void setOwnership(String path, Ownership ownership);

    /// Replaces the file durably.
    void write(String path, Bytes content, Ownership ownership);

    void remove(String path);

    /// Runs the command and answers what went wrong; empty: it exited with 0.
    Optional<String> run(List<String> argv);
}
