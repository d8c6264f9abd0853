package io.etcdmedic.keyspace;

import java.util.Optional;

/// What a scan of a range is to bring.
///
/// @param revision the revision to read at; empty: the newest, pinned when the scan begins
/// @param content whether values come along
public record Scan(Optional<Revision> revision, Content content) {

    public enum Content {
        KEYS,
        VALUES
    }

    public static Scan values() {
        return new Scan(Optional.empty(), Content.VALUES);
    }

    public static Scan keys() {
        return new Scan(Optional.empty(), Content.KEYS);
    }

    public Scan at(Revision at) {
        return new Scan(Optional.of(at), content);
    }
}
