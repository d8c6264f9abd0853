package io.etcdmedic.render;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Standard output: UTF-8, buffered, and able to say that its reader went away without flushing first.
public final class Outlet extends PrintStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Destination destination;
    private final Optional<String> file;
    private volatile boolean broken;

    /// Output to somebody who may go away when he has read enough.
    public Outlet(OutputStream out) {
        this(new Destination(out), Optional.empty());
    }

    private Outlet(Destination destination, Optional<String> file) {
        super(new BufferedOutputStream(destination, BUFFER_BYTES), false, StandardCharsets.UTF_8);
        this.destination = destination;
        this.file = file;
    }

    /// Output to a file: whatever stops it is trouble.
    ///
    /// @param name what it is called in a complaint
    public static Outlet toFile(OutputStream out, String name) {
        return new Outlet(new Destination(out), Optional.of(name));
    }

    /// Remembers what [PrintStream] keeps to itself.
    private static final class Destination extends FilterOutputStream {
        private volatile Optional<IOException> first = Optional.empty();

        Destination(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                first = first.or(() -> Optional.of(e));
                throw e;
            }
        }
    }

    /// @throws Failure.Unreachable when not all that was written reached its file
    public void requireWritten() {
        flush();
        if (file.isPresent() && destination.first.isPresent()) {
            IOException reason = destination.first.get();
            throw new Failure.Unreachable(Problem.in("writing " + file.get())
                            .found(String.valueOf(reason.getMessage()))
                            .hint("the file does not hold all of it; what the command did, it did"))
                    .because(reason);
        }
    }

    @Override
    protected void setError() {
        super.setError();
        broken = true;
    }

    /// Ends the output: whoever writes a long answer looks at [#isBroken()] and stops.
    public void cut() {
        broken = true;
    }

    boolean isBroken() {
        return broken;
    }
}
