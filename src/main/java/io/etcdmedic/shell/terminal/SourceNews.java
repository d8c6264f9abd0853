package io.etcdmedic.shell.terminal;

import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Source;
import io.etcdmedic.shell.Interpreter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// What the source last said of itself, asked in the background so that no prompt waits for a network.
final class SourceNews implements AutoCloseable {
    private final Interpreter interpreter;
    private final AtomicReference<Optional<Asking>> asking = new AtomicReference<>(Optional.empty());
    private volatile Optional<News> last = Optional.empty();

    SourceNews(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    /// @param of the session that was asked
    /// @param source the name by which it answers; empty before it answered
    /// @param fresh whether it is an answer to the last question
    record News(
            Session of,
            String source,
            String clusterId,
            Optional<Long> revision,
            Optional<String> trouble,
            boolean fresh) {

        /// A source that is silent is still the one that answered before.
        private News knowing(Optional<News> before) {
            return before.filter(known -> trouble.isPresent() && known.of == of)
                    .map(known -> new News(of, known.source, known.clusterId, revision, trouble, fresh))
                    .orElse(this);
        }

        private News old() {
            return new News(of, source, clusterId, revision, trouble, false);
        }
    }

    private record Asking(Session of, Thread thread, AtomicReference<Optional<News>> answer) {}

    /// The newest answer that comes within `wait`; else an older one of the same source; else nothing.
    Optional<News> latest(Duration wait) {
        Session now = interpreter.opened();
        // An answer that came after the last prompt was shown is news for this one.
        asking.get().flatMap(a -> a.answer.get()).ifPresent(this::remember);
        Asking current =
                asking.get().filter(a -> a.of == now && a.thread.isAlive()).orElseGet(() -> ask(now));
        asking.set(Optional.of(current));
        try {
            boolean _ = current.thread.join(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Optional<News> answer = current.answer.get().map(this::remember);
        return answer.or(() -> last.filter(news -> news.of == now).map(News::old));
    }

    /// Waits for the answer that is on its way.
    Optional<News> next() throws InterruptedException {
        Optional<Asking> current = asking.get();
        if (current.isPresent()) {
            current.get().thread.join();
        }
        return current.flatMap(a -> a.answer.get()).map(this::remember);
    }

    private synchronized News remember(News heard) {
        News whole = heard.knowing(last);
        last = Optional.of(whole);
        return whole;
    }

    private static Asking ask(Session session) {
        AtomicReference<Optional<News>> answer = new AtomicReference<>(Optional.empty());
        Thread thread =
                Thread.ofPlatform().name("news").daemon(true).start(() -> answer.set(Optional.of(asked(session))));
        return new Asking(session, thread, answer);
    }

    private static News asked(Session session) {
        try {
            Keyspace keyspace = session.keyspace();
            long revision = keyspace.revision().number();
            Source source = keyspace.source();
            return new News(session, source.name(), source.clusterId(), Optional.of(revision), Optional.empty(), true);
        } catch (Failure failure) {
            return silent(session, failure.problem().message());
        } catch (RuntimeException closed) {
            return silent(session, "closed");
        }
    }

    private static News silent(Session session, String why) {
        return new News(session, "", "", Optional.empty(), Optional.of(why), true);
    }

    @Override
    public void close() {
        asking.get().ifPresent(a -> a.thread.interrupt());
    }
}
