package io.etcdmedic.shell.terminal;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.shell.Interpreter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The names one step below a beginning of keys, read from the source in the background and kept by revision.
///
/// A large folder is skipped over once it has shown itself, so that a hundred thousand keys below three folders are
/// three reads. What does not come in time is not waited for: the next Tab finds it.
final class KeyNames implements AutoCloseable {
    /// More names than this are no help to anybody; the next letter narrows them down.
    private static final int NAMES_MAX = 1_000;

    /// So many keys of one folder are read on before it is skipped by a new read, and more after each skip: for a
    /// new read etcd walks all that is left of its index, so that many folders are sooner read than skipped.
    private static final int KEYS_BEFORE_SKIP = 32;

    private static final int KEYS_BEFORE_SKIP_MAX = 20_000;
    private static final int MORE_AFTER_SKIP = 4;

    private static final int LISTINGS_MAX = 200;

    private final Interpreter interpreter;
    private final ExecutorService background = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("names").daemon(true).factory());
    private final Map<Bytes, Listing> listings = new ConcurrentHashMap<>();
    private Optional<Session> of = Optional.empty();
    private long changes;
    private volatile Optional<Listing> wanted = Optional.empty();

    KeyNames(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    /// One reading of the names that begin so.
    private static final class Listing {
        private final TreeSet<Bytes> names = new TreeSet<>();
        private long checkedAt;
        private Optional<Revision> revision = Optional.empty();
        private boolean done;
        private boolean failed;

        synchronized List<Bytes> names() {
            return new ArrayList<>(names);
        }

        synchronized void add(Bytes name) {
            names.add(name);
        }

        synchronized int size() {
            return names.size();
        }

        synchronized void finish(Revision at) {
            revision = Optional.of(at);
            done = true;
            notifyAll();
        }

        synchronized void fail() {
            failed = true;
            done = true;
            notifyAll();
        }

        /// Whether it is as the source was after so many changes, or on its way to be.
        synchronized boolean isOf(long changes) {
            return checkedAt == changes && !failed;
        }

        synchronized void await(Duration wait) {
            long end = System.nanoTime() + wait.toNanos();
            try {
                while (!done && System.nanoTime() < end) {
                    wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Reads the first step ahead of the first Tab.
    void warm() {
        List<Bytes> _ = below(Bytes.EMPTY, Duration.ZERO);
        Session session = interpreter.opened();
        var _ = background.submit(session::registry);
    }

    /// Something ran: what is kept is compared with the source's revision before it is believed again.
    void mayHaveChanged() {
        changes++;
    }

    /// The names that keys beginning with `start` go on with, up to and with the next slash, as whole beginnings;
    /// those that came within `wait`.
    List<Bytes> below(Bytes start, Duration wait) {
        Session now = interpreter.opened();
        if (of.isEmpty() || of.get() != now || listings.size() > LISTINGS_MAX) {
            listings.clear();
            of = Optional.of(now);
        }
        Listing known = listings.get(start);
        if (known == null || !known.isOf(changes)) {
            Listing fresh = new Listing();
            fresh.checkedAt = changes;
            Optional<Listing> older = Optional.ofNullable(known);
            wanted = Optional.of(fresh);
            background.execute(() -> readIfWanted(now, start, fresh, older));
            fresh.await(wait);
            boolean useOlder = older.isPresent() && fresh.size() == 0 && !fresh.done;
            listings.put(start, fresh);
            return useOlder ? older.get().names() : fresh.names();
        }
        known.await(wait);
        return known.names();
    }

    /// While a server is silent, readings pile up behind the one that waits for it; only the last Tab's is still
    /// wanted.
    private void readIfWanted(Session session, Bytes start, Listing into, Optional<Listing> older) {
        if (wanted.equals(Optional.of(into))) {
            read(session, start, into, older);
        } else {
            into.fail();
        }
    }

    private static void read(Session session, Bytes start, Listing into, Optional<Listing> older) {
        try {
            Keyspace keyspace = session.keyspace();
            Revision now = keyspace.revision();
            if (older.isPresent() && older.get().revision.equals(Optional.of(now))) {
                older.get().names().forEach(into::add);
            } else {
                walk(keyspace, now, start, into);
            }
            into.finish(now);
        } catch (Failure unreachable) {
            into.fail();
        } catch (RuntimeException closedMeanwhile) {
            into.fail();
        }
    }

    private static void walk(Keyspace keyspace, Revision at, Bytes start, Listing into) {
        KeyRange left = start.isEmpty() ? KeyRange.all() : KeyRange.prefix(new Key(start));
        Optional<KeyRange> next = Optional.of(left);
        int patience = KEYS_BEFORE_SKIP;
        while (next.isPresent() && into.size() < NAMES_MAX) {
            next = stretch(keyspace.scan(next.get(), Scan.keys().at(at)), next.get(), start, into, patience);
            patience = Math.min(patience * MORE_AFTER_SKIP, KEYS_BEFORE_SKIP_MAX);
        }
    }

    /// Reads on until a folder has shown more than `patience` keys.
    ///
    /// @return what is left after that folder; empty at the end
    private static Optional<KeyRange> stretch(Entries read, KeyRange range, Bytes start, Listing into, int patience) {
        Optional<Bytes> folder = Optional.empty();
        int within = 0;
        try (Entries entries = read) {
            while (entries.hasNext() && into.size() < NAMES_MAX) {
                Bytes key = entries.next().key().bytes();
                int slash = key.indexOf((byte) '/', Math.max(start.length(), 1));
                Bytes name = slash < 0 ? key : key.slice(0, slash + 1);
                into.add(name);
                within = slash >= 0 && folder.equals(Optional.of(name)) ? within + 1 : 0;
                folder = slash < 0 ? Optional.empty() : Optional.of(name);
                if (within > patience) {
                    return KeyRange.prefix(new Key(name)).end().map(end -> new KeyRange(end, range.end()));
                }
            }
        }
        return Optional.empty();
    }

    /// What `asked` answers within `wait`; it is asked in the background.
    <T> Optional<T> within(Callable<T> asked, Duration wait) {
        return answer(background.submit(asked), wait);
    }

    /// The same on a thread of its own: what has nothing to do with the source waits for no answer of it.
    static <T> Optional<T> apart(Callable<T> asked, Duration wait) {
        FutureTask<T> task = new FutureTask<>(asked);
        Thread _ = Thread.ofPlatform().name("files").daemon(true).start(task);
        return answer(task, wait);
    }

    private static <T> Optional<T> answer(Future<T> asked, Duration wait) {
        try {
            return Optional.of(asked.get(wait.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException notNow) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        background.shutdownNow();
    }
}
