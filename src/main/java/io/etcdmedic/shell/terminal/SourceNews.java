package io.etcdmedic.shell.terminal;

import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.shell.Interpreter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// What the source last said of itself, asked in the background so that no prompt waits for a network.
final class SourceNews implements AutoCloseable {
    private final Interpreter interpreter;
    private final AtomicReference<Optional<Asking>> asking = new AtomicReference<>(Optional.empty());
    private Optional<News> last = Optional.empty();

    SourceNews(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    /// @param of the session that was asked
    /// @param fresh whether it is an answer to the last question
    record News(Session of, String clusterId, Optional<Long> revision, Optional<String> trouble, boolean fresh) {}

    private record Asking(Session of, Thread thread, AtomicReference<Optional<News>> answer) {}

    /// The newest answer that comes within `wait`; else an older one of the same source; else nothing.
    Optional<News> latest(Duration wait) {
        Session now = interpreter.opened();
        // An answer that came after the last prompt was shown is news for this one.
        asking.get().flatMap(a -> a.answer.get()).ifPresent(late -> last = Optional.of(late));
        Asking current =
                asking.get().filter(a -> a.of == now && a.thread.isAlive()).orElseGet(() -> ask(now));
        asking.set(Optional.of(current));
        try {
            boolean _ = current.thread.join(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Optional<News> answer = current.answer.get();
        if (answer.isPresent()) {
            last = answer;
            return answer;
        }
        return last.filter(news -> news.of == now)
                .map(news -> new News(news.of, news.clusterId, news.revision, news.trouble, false));
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
            return new News(session, keyspace.source().clusterId(), Optional.of(revision), Optional.empty(), true);
        } catch (Failure failure) {
            return new News(
                    session, "", Optional.empty(), Optional.of(failure.problem().message()), true);
        } catch (RuntimeException closed) {
            return new News(session, "", Optional.empty(), Optional.of("closed"), true);
        }
    }

    @Override
    public void close() {
        asking.get().ifPresent(a -> a.thread.interrupt());
    }
}
