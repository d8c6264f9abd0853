package io.etcdmedic.keyspace;

import io.etcdmedic.bytes.Bytes;
import java.util.Optional;

/// The keys from `from` (inclusive) to `end` (exclusive; empty: no upper end).
public record KeyRange(Key from, Optional<Key> end) {
    private static final Key LOWEST = new Key(Bytes.owned(new byte[] {0}));

    public static KeyRange all() {
        return new KeyRange(LOWEST, Optional.empty());
    }

    public static KeyRange of(Key from, Key end) {
        return new KeyRange(from, Optional.of(end));
    }

    public static KeyRange single(Key key) {
        return of(key, key.successor());
    }

    /// Every key that begins with `prefix`.
    public static KeyRange prefix(Key prefix) {
        byte[] end = prefix.bytes().toArray();
        for (int i = end.length - 1; i >= 0; i--) {
            if (end[i] != (byte) 0xff) {
                end[i]++;
                return of(prefix, new Key(Bytes.owned(end, 0, i + 1)));
            }
        }
        return new KeyRange(prefix, Optional.empty());
    }

    public boolean contains(Key key) {
        return key.compareTo(from) >= 0 && end.map(e -> key.compareTo(e) < 0).orElse(true);
    }

    public boolean isSingle() {
        return end.map(e -> e.equals(from.successor())).orElse(false);
    }

    /// This range without the keys before `key`.
    public KeyRange startingAt(Key key) {
        return new KeyRange(key.compareTo(from) > 0 ? key : from, end);
    }
}
