package io.etcdmedic.keyspace;

/// One change of one key.
public sealed interface Change {
    Key key();

    /// The revision of the transaction that made the change.
    Revision revision();

    record Put(Entry entry) implements Change {
        @Override
        public Key key() {
            return entry.key();
        }

        @Override
        public Revision revision() {
            return entry.modRevision();
        }
    }

    record Delete(Key key, Revision revision) implements Change {}
}
