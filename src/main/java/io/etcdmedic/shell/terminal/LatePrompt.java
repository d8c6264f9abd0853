package io.etcdmedic.shell.terminal;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/// Waits beside a prompt that was shown without the newest news of its source, and shows them when they come.
///
/// @param waiting nobody waits where the prompt said all
record LatePrompt(Optional<Thread> waiting) implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(20);

    /// @param shown what the prompt was shown with
    /// @param show changes the prompt; false as long as no line is being read
    static LatePrompt of(SourceNews news, Optional<SourceNews.News> shown, Predicate<Optional<SourceNews.News>> show) {
        if (shown.filter(SourceNews.News::fresh).isPresent()) {
            return new LatePrompt(Optional.empty());
        }
        return new LatePrompt(
                Optional.of(Thread.ofPlatform().name("prompt").daemon(true).start(() -> await(news, show))));
    }

    private static void await(SourceNews news, Predicate<Optional<SourceNews.News>> show) {
        try {
            Optional<SourceNews.News> late = news.next();
            while (late.isPresent() && !show.test(late)) {
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException answered) {
            // The line was typed meanwhile.
        }
    }

    /// The line was read: from now on another prompt is shown.
    @Override
    public void close() {
        waiting.ifPresent(thread -> {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
