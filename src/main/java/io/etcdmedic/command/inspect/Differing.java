package io.etcdmedic.command.inspect;

import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.KeyRange;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;

/// The keys of two states whose values differ, in key order, found by walking both at once, range after range.
final class Differing implements Iterator<Differing.Pair>, AutoCloseable {
    private final Iterator<KeyRange> ranges;
    private final Function<KeyRange, Entries> before;
    private final Function<KeyRange, Entries> after;
    private Entries left;
    private Entries right;
    private Optional<Entry> fromLeft = Optional.empty();
    private Optional<Entry> fromRight = Optional.empty();
    private Optional<Pair> next = Optional.empty();

    /// One key; at least one side has it.
    record Pair(Optional<Entry> before, Optional<Entry> after) {}

    private Differing(
            Iterator<KeyRange> ranges, Function<KeyRange, Entries> before, Function<KeyRange, Entries> after) {
        this.ranges = ranges;
        this.before = before;
        this.after = after;
        KeyRange first = ranges.next();
        this.left = before.apply(first);
        this.right = after.apply(first);
    }

    /// @param ranges at least one, in key order
    static Differing in(List<KeyRange> ranges, Function<KeyRange, Entries> before, Function<KeyRange, Entries> after) {
        return new Differing(ranges.iterator(), before, after);
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty()) {
            fromLeft = fromLeft.or(() -> taken(left));
            fromRight = fromRight.or(() -> taken(right));
            if (fromLeft.isPresent() || fromRight.isPresent()) {
                advance();
            } else if (ranges.hasNext()) {
                close();
                KeyRange range = ranges.next();
                left = before.apply(range);
                right = after.apply(range);
            } else {
                return false;
            }
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

    @Override
    public void close() {
        left.close();
        right.close();
    }
}
