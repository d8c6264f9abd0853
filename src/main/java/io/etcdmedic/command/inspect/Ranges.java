package io.etcdmedic.command.inspect;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Place;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Ranges that an operator asks for, and what to say when they are empty.
final class Ranges {
    private Ranges() {}

    /// @param prefix as typed, escapes read
    static KeyRange of(Session session, Optional<String> prefix, boolean all) {
        if (all && prefix.isEmpty()) {
            return KeyRange.all();
        }
        Bytes start = prefix.map(word -> session.place().orElse(Place.ROOT).resolve(word))
                .or(() -> session.place().map(Place::inside))
                .orElseGet(() -> Bytes.utf8(session.registry().prefix() + "/"));
        return start.isEmpty() ? KeyRange.all() : KeyRange.prefix(new Key(start));
    }

    /// The entries of one range after the other, all as of one revision.
    static Iterator<Entry> entries(Keyspace keyspace, List<KeyRange> ranges, Optional<Revision> revision) {
        Optional<Revision> at =
                revision.or(() -> ranges.size() > 1 ? Optional.of(keyspace.revision()) : Optional.empty());
        Scan scan = new Scan(at, Scan.Content.VALUES);
        Iterator<KeyRange> left = ranges.iterator();
        return new Iterator<>() {
            private Iterator<Entry> current = List.<Entry>of().iterator();

            @Override
            public boolean hasNext() {
                while (!current.hasNext() && left.hasNext()) {
                    current = new Listing<>(keyspace.scan(left.next(), scan), e -> e);
                }
                return current.hasNext();
            }

            @Override
            public Entry next() {
                return current.next();
            }
        };
    }

    /// @throws Failure.Absent when there is not one entry; names the nearest prefix that exists
    static void requireSome(Session session, KeyRange range, Entries entries) {
        if (!entries.hasNext()) {
            entries.close();
            throw absent(session, range.from(), "no key that begins so");
        }
    }

    static Failure.Absent absent(Session session, Key key, String found) {
        Optional<String> nearest = nearestPrefix(session.keyspace(), key);
        return new Failure.Absent(Problem.in("reading " + key.display() + " from "
                        + session.keyspace().source())
                .found(found)
                .hint(nearest.map(p -> "the nearest prefix that holds keys is " + p)
                        .orElse("no part of it begins any key; medic ls --all shows every key")));
    }

    /// The longest beginning of `key`, cut after a slash, below which there are keys.
    private static Optional<String> nearestPrefix(Keyspace keyspace, Key key) {
        for (int end = key.bytes().length() - 1; end > 1; end--) {
            if (key.bytes().at(end - 1) == '/') {
                Key prefix = new Key(key.bytes().slice(0, end));
                if (keyspace.count(KeyRange.prefix(prefix), Optional.empty()) > 0) {
                    return Optional.of(prefix.display());
                }
            }
        }
        return Optional.empty();
    }
}
