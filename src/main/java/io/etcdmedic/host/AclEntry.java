package io.etcdmedic.host;

/// One line of a POSIX access list beyond owner, group and others (acl(5)).
///
/// @param id the numeric user or group; -1 for `MASK` and `OWNING_GROUP`
/// @param bits 4 read, 2 write, 1 execute; not yet masked
public record AclEntry(Kind kind, int id, int bits) {

    public enum Kind {
        USER,
        GROUP,
        /// The `group::` line: with an access list the mode's group bits show the mask instead.
        OWNING_GROUP,
        MASK
    }
}
