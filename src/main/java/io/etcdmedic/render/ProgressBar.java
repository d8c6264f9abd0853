package io.etcdmedic.render;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.bytes.Progress;
import java.util.function.LongSupplier;

/// How far something is, on one line of standard error that is written again and again; silent without a terminal.
///
/// `reading snap.db [########                ] 300.1 MiB of 870.7 MiB, 250.3 MiB/s, 2 s left`. Work that ends soon is
/// never shown, and what was shown is taken away at the end.
public final class ProgressBar implements Progress, AutoCloseable {
    private static final long PERIOD_NANOS = 200_000_000;
    /// What takes no longer needs no bar.
    private static final long PATIENCE_NANOS = 400_000_000;
    private static final int WIDTH = 24;
    private static final int COLUMNS_USUAL = 80;

    private final Console console;
    private final String label;
    private final Unit unit;
    private final LongSupplier nanos;
    private boolean begun;
    private boolean shown;
    private long begin;
    private long shownAt;

    /// What is counted.
    public enum Unit {
        BYTES,
        KEYS
    }

    /// @param label what is being done; it may hold anything
    public ProgressBar(Console console, String label, Unit unit) {
        this(console, label, unit, System::nanoTime);
    }

    /// @param nanos the time, of which only differences count
    ProgressBar(Console console, String label, Unit unit, LongSupplier nanos) {
        this.console = console;
        this.label = Escape.multiline(label).replace('\n', ' ');
        this.unit = unit;
        this.nanos = nanos;
    }

    @Override
    public synchronized void at(long done, long all) {
        if (!console.talkTerminal()) {
            return;
        }
        long now = nanos.getAsLong();
        if (!begun) {
            begun = true;
            begin = now;
        }
        boolean tooEarly = shown ? now - shownAt < PERIOD_NANOS : now - begin < PATIENCE_NANOS;
        if (!tooEarly) {
            shown = true;
            shownAt = now;
            console.err().print("\r" + line(Math.min(done, all), all, (now - begin) / 1e9) + "\u001b[K");
            console.err().flush();
        }
    }

    private String line(long done, long all, double seconds) {
        int filled = all == 0 ? WIDTH : (int) (WIDTH * ((double) done / all));
        String bar = " [" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] ";
        double rate = done / Math.max(0.001, seconds);
        String left = done == 0 ? "" : ", " + (long) Math.ceil((all - done) / rate) + " s left";
        String numbers = amount(done) + " of " + amount(all) + ", " + amount((long) rate) + "/s" + left;
        int columns = console.columns() > 0 ? console.columns() : COLUMNS_USUAL;
        int room = columns - 1 - bar.length() - numbers.length();
        return room >= 1
                ? DisplayWidth.cut(label, room) + bar + numbers
                : DisplayWidth.cut(numbers, Math.max(1, columns - 1));
    }

    private String amount(long number) {
        return switch (unit) {
            case BYTES -> new ByteCount(number).toString();
            case KEYS -> number + " keys";
        };
    }

    /// Takes the line away.
    @Override
    public synchronized void end() {
        if (shown) {
            console.err().print("\r\u001b[K");
            console.err().flush();
        }
        begun = false;
        shown = false;
    }

    @Override
    public void close() {
        end();
    }
}
