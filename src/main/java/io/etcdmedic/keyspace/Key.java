package io.etcdmedic.keyspace;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;

/// An etcd key: any bytes, at least one; ordered as etcd orders them.
public record Key(Bytes bytes) implements Comparable<Key> {
    public Key {
        if (bytes.isEmpty()) {
            throw new IllegalArgumentException("an etcd key has at least one byte");
        }
    }

    public static Key of(String text) {
        return new Key(Bytes.utf8(text));
    }

    public boolean startsWith(Key prefix) {
        return bytes.startsWith(prefix.bytes);
    }

    /// The smallest key greater than this one.
    public Key successor() {
        return new Key(bytes.concat(Bytes.owned(new byte[] {0})));
    }

    /// The key as text for people: what a terminal would obey is escaped, and [Escape#parse] reads it back.
    public String display() {
        return Escape.printable(bytes);
    }

    /// The key's text; bytes that are not UTF-8 become U+FFFD. For pattern matching, not for identity.
    public String text() {
        return bytes.toUtf8();
    }

    @Override
    public int compareTo(Key other) {
        return bytes.compareTo(other.bytes);
    }

    @Override
    public String toString() {
        return display();
    }
}
