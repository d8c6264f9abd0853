package io.etcdmedic.command.inspect;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;

/// Elements of another iterator that become something, one by one.
final class Matching<T, R> implements Iterator<R> {
    private final Iterator<T> all;
    private final Function<T, Optional<R>> match;
    private Optional<R> next = Optional.empty();

    Matching(Iterator<T> all, Function<T, Optional<R>> match) {
        this.all = all;
        this.match = match;
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty() && all.hasNext()) {
            next = match.apply(all.next());
        }
        return next.isPresent();
    }

    @Override
    public R next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        R result = next.orElseThrow();
        next = Optional.empty();
        return result;
    }
}
