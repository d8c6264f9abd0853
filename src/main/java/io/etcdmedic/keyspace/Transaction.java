package io.etcdmedic.keyspace;

import java.util.List;
import java.util.Optional;

/// `IF compares THEN writes ELSE read otherwise`, one atomic act of etcd.
///
/// @param compares all of them must hold; none: always
/// @param writes each key at most once (etcd refuses a key that is put twice)
/// @param otherwise the keys to read in the same act when a comparison fails
public record Transaction(List<Compare> compares, List<Write> writes, List<Key> otherwise) {
    public Transaction {
        compares = List.copyOf(compares);
        writes = List.copyOf(writes);
        otherwise = List.copyOf(otherwise);
    }

    /// What etcd said.
    ///
    /// @param succeeded whether all comparisons held, and so the writes happened
    /// @param revision the header's revision: of these writes when they happened
    /// @param reads the keys of `otherwise` in their order, as they stood; empty when `succeeded`
    public record Answer(boolean succeeded, Revision revision, List<Optional<Entry>> reads) {
        public Answer {
            reads = List.copyOf(reads);
        }
    }
}
