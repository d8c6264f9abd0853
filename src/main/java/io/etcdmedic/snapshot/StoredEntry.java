package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.BoltFile;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;

/// A `mvccpb.KeyValue` as etcd stores it: 1 key, 2 create_revision, 3 mod_revision, 4 version, 5 value, 6 lease.
///
/// Source: etcd api/mvccpb/kv.proto.
final class StoredEntry {
    private static final int KEY = 1 << 3 | WireReader.LENGTH;
    private static final int CREATE = 2 << 3;
    private static final int MOD = 3 << 3;
    private static final int VERSION = 4 << 3;
    private static final int VALUE = 5 << 3 | WireReader.LENGTH;
    private static final int LEASE = 6 << 3;

    private final WireReader reader = new WireReader(Bytes.EMPTY);
    private int keyAt;
    private int keyLength;
    private int valueLength;

    int keyAt() {
        return keyAt;
    }

    int keyLength() {
        return keyLength;
    }

    int valueLength() {
        return valueLength;
    }

    /// Finds the key and the length of the value, and walks over the rest.
    ///
    /// @throws WireFault when the bytes are no such message
    void find(byte[] array, int at, int count) {
        reader.reset(array, at, count);
        keyLength = 0;
        valueLength = 0;
        while (!reader.atEnd()) {
            int tag = reader.tag();
            if (tag == KEY) {
                keyLength = reader.length();
                keyAt = reader.position();
                reader.skipBytes(keyLength);
            } else if (tag == VALUE) {
                valueLength = reader.length();
                reader.skipBytes(valueLength);
            } else {
                reader.skip(tag);
            }
        }
        if (keyLength == 0) {
            throw new WireFault("no key", count);
        }
    }

    /// Reads the entry that lies at `place` of the file.
    ///
    /// @throws Failure.Corrupt when the bytes there are no such message
    static Entry read(BoltFile file, long place, int length, long revision) {
        byte[] bytes = new byte[length];
        file.bytes().read(place, bytes, 0, length);
        try {
            return read(Bytes.owned(bytes), revision);
        } catch (WireFault wrong) {
            throw new Failure.Corrupt(Problem.in("reading revision " + revision + " of " + file.path())
                    .found(wrong.found() + " at offset " + (place + wrong.offset()))
                    .expected("a whole mvccpb.KeyValue")
                    .hint("medic snapshot verify " + file.path()));
        }
    }

    /// @param revision the revision it is stored under, which is its modification's
    /// @throws WireFault when the bytes are no such message
    static Entry read(Bytes bytes, long revision) {
        WireReader reader = new WireReader(bytes);
        Bytes key = Bytes.EMPTY;
        Bytes value = Bytes.EMPTY;
        long create = 0;
        long version = 0;
        long lease = 0;
        while (!reader.atEnd()) {
            int tag = reader.tag();
            switch (tag) {
                case KEY -> key = reader.bytes();
                case CREATE -> create = reader.varint();
                case VERSION -> version = reader.varint();
                case VALUE -> value = reader.bytes();
                case LEASE -> lease = reader.varint();
                case MOD -> requireRevision(reader, revision);
                default -> reader.skip(tag);
            }
        }
        if (key.isEmpty() || create < 0) {
            throw new WireFault(key.isEmpty() ? "no key" : "create_revision " + create, reader.offset());
        }
        return new Entry(
                new Key(key), value, new Revision(create), new Revision(revision), version, new LeaseId(lease));
    }

    /// Walks over a change without keeping anything of it.
    ///
    /// @throws WireFault when the bytes are no such message, or one of another revision
    static void check(byte[] array, int at, int count, long revision, boolean tombstone) {
        WireReader reader = new WireReader(array, at, count);
        int keyLength = 0;
        while (!reader.atEnd()) {
            int tag = reader.tag();
            if (tag == KEY) {
                keyLength = reader.length();
                reader.skipBytes(keyLength);
            } else if (tag == MOD) {
                requireRevision(reader, revision);
            } else if (tag == VALUE && tombstone) {
                throw new WireFault("a value in a deletion", reader.offset());
            } else {
                reader.skip(tag);
            }
        }
        if (keyLength == 0) {
            throw new WireFault("no key", count);
        }
    }

    private static void requireRevision(WireReader reader, long revision) {
        int at = reader.offset();
        long mod = reader.varint();
        if (mod != revision) {
            throw new WireFault("mod_revision " + mod + " under revision " + revision, at);
        }
    }
}
