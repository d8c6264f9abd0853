package io.etcdmedic.render;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Standard output: UTF-8, buffered, and able to say that its reader went away without flushing first.
public final class Outlet extends PrintStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    private volatile boolean broken;

    public Outlet(OutputStream out) {
        super(new BufferedOutputStream(out, BUFFER_BYTES), false, StandardCharsets.UTF_8);
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
