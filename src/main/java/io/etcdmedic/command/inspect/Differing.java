package io.etcdmedic.command.inspect;

import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The keys of two scans whose values differ, in key order, found by walking both at once.
final class Differing implements Iterator<Differing.Pair> {
    private final Entries left;
    private final Entries right;
    private Optional<Entry> fromLeft = Optional.empty();
    private Optional<Entry> fromRight = Optional.empty();
    private Optional<Pair> next = Optional.empty();

    /// One key; at least one side has it.
    record Pair(Optional<Entry> before, Optional<Entry> after) {}

    Differing(Entries left, Entries right) {
        this.left = left;
        this.right = right;
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty()) {
            fromLeft = fromLeft.or(() -> taken(left));
            fromRight = fromRight.or(() -> taken(right));
            if (fromLeft.isEmpty() && fromRight.isEmpty()) {
                return false;
            }
            advance();
        }
        return true;
    }

    private static Optional<Entry> taken(Entries entries) {
        return entries.hasNext() ? Optional.of(entries.next()) : Optional.empty();
    }

    private void advance() {
        int order = fromLeft.isEmpty()
                ? 1
                : fromRight
                        .map(r -> fromLeft.orElseThrow().key().compareTo(r.key()))
                        .orElse(-1);
        Pair pair = new Pair(order <= 0 ? fromLeft : Optional.empty(), order >= 0 ? fromRight : Optional.empty());
        fromLeft = order <= 0 ? Optional.empty() : fromLeft;
        fromRight = order >= 0 ? Optional.empty() : fromRight;
        boolean same = order == 0
                && pair.before()
                        .orElseThrow()
                        .value()
                        .equals(pair.after().orElseThrow().value());
        next = same ? Optional.empty() : Optional.of(pair);
    }

    @Override
    public Pair next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Pair pair = next.orElseThrow();
        next = Optional.empty();
        return pair;
    }
}
