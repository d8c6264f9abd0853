package io.etcdmedic.render;

/// How far something is, on one line of standard error that is written again and again; silent without a terminal.
public final class ProgressBar implements AutoCloseable {
    private static final long PERIOD_NANOS = 200_000_000;
    private static final int WIDTH = 24;

    private final Console console;
    private final String label;
    private final long begin = System.nanoTime();
    private long shownAt;
    private boolean shown;

    public ProgressBar(Console console, String label) {
        this.console = console;
        this.label = label;
    }

    /// @param all about how many bytes there will be
    public void show(long bytes, long all) {
        long now = System.nanoTime();
        if (!console.talkTerminal() || shown && now - shownAt < PERIOD_NANOS) {
            return;
        }
        shown = true;
        shownAt = now;
        int filled = (int) Math.min(WIDTH, all == 0 ? 0 : bytes * WIDTH / all);
        double seconds = Math.max(0.001, (now - begin) / 1e9);
        console.err()
                .print("\r" + label + " [" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] "
                        + new ByteCount(bytes) + " of " + new ByteCount(all) + ", "
                        + new ByteCount((long) (bytes / seconds)) + "/s   ");
        console.err().flush();
    }

    /// Takes the line away.
    @Override
    public void close() {
        if (shown) {
            console.err().print("\r\u001b[K");
            console.err().flush();
        }
    }
}
