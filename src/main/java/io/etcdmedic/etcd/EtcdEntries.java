package io.etcdmedic.etcd;

import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// A range read at one revision, with few of its bytes in memory whatever its size.
///
/// A page that is limited by count makes etcd walk the whole rest of its index, so reading a large range that way is
/// quadratic. Only the first page, and pages without values, are. The rest is cut by its keys into ranges of about
/// [#PIECE_BYTES], which are read two at a time without a limit. Source: etcd issues 11057 and 16510.
final class EtcdEntries implements Entries {
    private static final int FIRST_PAGE_KEYS = 100;
    private static final int KEYS_PAGE_KEYS = 20_000;
    /// A rest this small is not worth a pass over its keys.
    private static final int FEW_KEYS = 1_000;

    private static final int PIECE_BYTES = 512 * 1024;
    private static final int PIECE_KEYS_MAX = 1_000;
    private static final int IN_FLIGHT = 2;

    private final EtcdKeyspace keyspace;
    private final Scan.Content content;
    private final Revision revision;
    private final Deque<Piece> inFlight = new ArrayDeque<>();
    /// What has not been asked for yet: with values, not even its keys.
    private KeyRange rest;
    private boolean more;
    private boolean cutByKeys;
    /// Keys of the rest that are known and not asked for yet.
    private List<Key> known = List.of();
    private long entryBytes = 1;
    private Iterator<KeyValue> page;

    /// @param keys of the range, to halve it by
    private record Piece(KeyRange range, List<Key> keys, EtcdKeyspace.Pending answer) {}

    EtcdEntries(EtcdKeyspace keyspace, KeyRange range, Scan scan) {
        this.keyspace = keyspace;
        this.content = scan.content();
        this.rest = range;
        GetResponse first = limited(scan.revision(), FIRST_PAGE_KEYS);
        this.revision = scan.revision().orElse(EtcdKeyspace.revision(first));
        this.page = taken(first);
        this.cutByKeys = content == Scan.Content.VALUES && first.getCount() > FEW_KEYS;
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && (more || !known.isEmpty() || !inFlight.isEmpty())) {
            page = cutByKeys ? nextPiece() : taken(limited(Optional.of(revision), limit()));
        }
        return page.hasNext();
    }

    @Override
    public Entry next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return EtcdKeyspace.entry(page.next());
    }

    private int limit() {
        return content == Scan.Content.KEYS ? KEYS_PAGE_KEYS : pieceKeys();
    }

    private int pieceKeys() {
        return Math.clamp(PIECE_BYTES / entryBytes, 1, PIECE_KEYS_MAX);
    }

    /// The first keys of the rest; fewer than `keysMax` when they would not fit into one message.
    private GetResponse limited(Optional<Revision> at, int keysMax) {
        for (int keys = keysMax; ; keys /= 2) {
            try {
                return keyspace.page(rest, at, content, keys);
            } catch (Failure.Unreachable failure) {
                if (!CallFailure.isTooLarge(failure) || keys == 1) {
                    throw failure;
                }
            }
        }
    }

    private Iterator<KeyValue> taken(GetResponse response) {
        more = response.isMore();
        List<KeyValue> entries = response.getKvs();
        if (!entries.isEmpty()) {
            rest = rest.startingAt(EtcdKeyspace.key(entries.getLast()).successor());
        }
        measure(entries);
        return entries.iterator();
    }

    private void measure(List<KeyValue> entries) {
        long bytes = 0;
        for (KeyValue entry : entries) {
            bytes += entry.getKey().size() + entry.getValue().size();
        }
        entryBytes = entries.isEmpty() ? entryBytes : Math.max(1, bytes / entries.size());
    }

    private Iterator<KeyValue> nextPiece() {
        ask();
        if (inFlight.isEmpty()) {
            return java.util.Collections.emptyIterator();
        }
        List<KeyValue> entries = answer(inFlight.removeFirst());
        measure(entries);
        ask();
        return entries.iterator();
    }

    /// Asks for pieces until enough of them are on their way.
    private void ask() {
        while (inFlight.size() < IN_FLIGHT) {
            if (known.isEmpty() && more) {
                learnKeys();
            }
            if (known.isEmpty()) {
                return;
            }
            int count = Math.min(pieceKeys(), known.size());
            inFlight.add(piece(known.subList(0, count)));
            known = known.subList(count, known.size());
        }
    }

    private void learnKeys() {
        GetResponse response = keyspace.page(rest, Optional.of(revision), Scan.Content.KEYS, KEYS_PAGE_KEYS);
        more = response.isMore();
        known = response.getKvs().stream().map(EtcdKeyspace::key).toList();
        if (!known.isEmpty()) {
            rest = rest.startingAt(known.getLast().successor());
        }
    }

    private Piece piece(List<Key> keys) {
        KeyRange range = KeyRange.of(keys.getFirst(), keys.getLast().successor());
        return new Piece(range, keys, keyspace.ask(range, revision));
    }

    /// The entries of a piece; one that is too large for a message is read in halves.
    private List<KeyValue> answer(Piece piece) {
        try {
            return keyspace.answer(piece.answer()).getKvs();
        } catch (Failure.Unreachable failure) {
            if (!CallFailure.isTooLarge(failure) || piece.keys().size() == 1) {
                throw failure;
            }
            int half = piece.keys().size() / 2;
            inFlight.addFirst(piece(piece.keys().subList(half, piece.keys().size())));
            return answer(piece(piece.keys().subList(0, half)));
        }
    }

    @Override
    public void close() {
        more = false;
        known = List.of();
        inFlight.clear();
        page = java.util.Collections.emptyIterator();
    }
}
