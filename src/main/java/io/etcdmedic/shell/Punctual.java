package io.etcdmedic.shell;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Hands on what was written as soon as nothing more has come for a moment, and all of it when it is closed; the
/// stream below stays open.
///
/// A quick answer so comes in one piece, from which a pager sees how long it is; a slow one, such as a watch's,
/// comes line by line.
final class Punctual extends FilterOutputStream {
    private static final long QUIET_MS = 300;

    private final Thread clock = Thread.ofVirtual().start(this::watch);
    private long written;
    private long shown;
    private boolean closed;

    Punctual(OutputStream below) {
        super(below);
    }

    @Override
    public synchronized void write(int b) throws IOException {
        out.write(b);
        written++;
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        written += length;
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
        shown = written;
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
            flush();
        }
        try {
            clock.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void watch() {
        try {
            while (!closed) {
                long before = written;
                wait(QUIET_MS);
                if (!closed && written == before && shown < written) {
                    flush();
                }
            }
        } catch (InterruptedException | IOException gone) {
            // Whoever writes notices, too.
        }
    }
}
