package io.etcdmedic.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What an operator sees of a long work.
class ProgressBarTest {
    private static final long SECOND = 1_000_000_000;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicLong now = new AtomicLong(5);

    @Test
    void saysHowFarHowFastAndHowLongAndThenTakesItselfAway() {
        ProgressBar bar = bar(true, 120, "reading snap.db");
        bar.at(0, 1000 << 20);
        now.addAndGet(2 * SECOND);
        bar.at(250 << 20, 1000 << 20);
        assertThat(said())
                .isEqualTo("\rreading snap.db [######                  ] 250.0 MiB of 1000.0 MiB, 125.0 MiB/s, 6 s left"
                        + "\u001b[K");
        bar.close();
        assertThat(said()).endsWith("\r\u001b[K");
    }

    @Test
    void saysNothingOfWhatEndsSoonNorMoreThanFiveTimesASecond() {
        ProgressBar bar = bar(true, 120, "reading");
        bar.at(0, 100);
        now.addAndGet(SECOND / 10);
        bar.at(50, 100);
        bar.close();
        assertThat(said()).isEmpty();
        bar.at(0, 100);
        now.addAndGet(SECOND);
        bar.at(50, 100);
        String once = said();
        now.addAndGet(SECOND / 10);
        bar.at(60, 100);
        assertThat(said()).isEqualTo(once).isNotEmpty();
    }

    @Test
    void saysNothingWithoutATerminal() {
        ProgressBar bar = bar(false, 0, "reading");
        bar.at(0, 100);
        now.addAndGet(SECOND);
        bar.at(50, 100);
        bar.close();
        assertThat(said()).isEmpty();
    }

    @Test
    void staysOnOneLineAndObeysNoFileName() {
        ProgressBar bar = bar(true, 70, "reading /very/long/path/\u001b]0;pwned\u0007/日本語/snapshot.db");
        bar.at(0, 10);
        now.addAndGet(SECOND);
        bar.at(5, 10);
        String line = said().substring(1).replace("\u001b[K", "");
        assertThat(line).doesNotContain("\u001b", "\u0007").contains("…");
        assertThat(DisplayWidth.of(line)).isLessThan(70);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private ProgressBar bar(boolean terminal, int columns, String label) {
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                terminal,
                false,
                columns);
        return new ProgressBar(console, label, ProgressBar.Unit.BYTES, now::get);
    }
}
