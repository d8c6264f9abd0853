package io.etcdmedic.shell.terminal;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.Pipeline;
import io.etcdmedic.render.DisplayWidth;
import io.etcdmedic.render.Outlet;
import io.etcdmedic.shell.Splitter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jline.terminal.Terminal;

/// An answer on its way to the terminal: a short one goes there, a long one goes to a pager.
///
/// What comes is held back until it is flushed or fills the screen. A flush before that means that somebody wants
/// to see it now (a watch, a question follows): it is shown as it is.
final class PagedOutput extends OutputStream {
    private static final String DEFAULT_PAGER = "less -R";
    private final PrintStream terminalOut;
    private final int rows;
    private final int columns;
    private final Map<String, String> environment;
    private final RunningLine line;
    private final Outlet outlet;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private Optional<Pipeline> pager = Optional.empty();
    private boolean noPager;

    private PagedOutput(
            PrintStream terminalOut, int rows, int columns, Map<String, String> environment, RunningLine line) {
        this.terminalOut = terminalOut;
        this.rows = rows;
        this.columns = columns;
        this.environment = environment;
        this.line = line;
        this.outlet = new Outlet(this);
    }

    /// A terminal that cannot move its cursor (`TERM=dumb`), or does not say how high it is, gets no pager.
    static PagedOutput over(
            PrintStream terminalOut, Terminal terminal, Map<String, String> environment, RunningLine line) {
        PagedOutput paged = new PagedOutput(
                terminalOut, Math.max(2, terminal.getHeight()), Math.max(1, terminal.getWidth()), environment, line);
        paged.noPager = terminal.getHeight() <= 0 || terminal.getType().startsWith("dumb");
        return paged;
    }

    Outlet outlet() {
        return outlet;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (pager.isPresent()) {
            pager.get().input().write(bytes, offset, length);
        } else if (noPager) {
            terminalOut.write(bytes, offset, length);
        } else {
            held.write(bytes, offset, length);
            if (fillsScreen()) {
                page();
            }
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        if (pager.isPresent()) {
            pager.get().input().flush();
            return;
        }
        terminalOut.write(held.toByteArray(), 0, held.size());
        held.reset();
        terminalOut.flush();
    }

    private boolean fillsScreen() {
        int used = 0;
        for (String text : held.toString(StandardCharsets.UTF_8).split("\n", rows + 1)) {
            used += Math.max(1, (DisplayWidth.of(text) + columns - 1) / columns);
        }
        return used > rows;
    }

    private void page() throws IOException {
        String words = environment.getOrDefault("PAGER", "");
        List<String> argv = Splitter.split(words.isEmpty() ? DEFAULT_PAGER : words, environment)
                .words();
        try {
            if (argv.equals(List.of("cat"))) {
                throw new IOException("no pager is wanted");
            }
            line.pager(true);
            pager = Optional.of(Pipeline.start(List.of(argv), environment, Pipeline.Output.SCREEN));
            pager.get().input().write(held.toByteArray());
        } catch (Failure | IOException without) {
            line.pager(false);
            pager = Optional.empty();
            noPager = true;
            terminalOut.write(held.toByteArray(), 0, held.size());
        }
        held.reset();
    }

    @Override
    public void close() {
        outlet.flush();
        if (pager.isPresent()) {
            try {
                pager.get().input().close();
            } catch (IOException gone) {
                // The operator left the pager before the end.
            }
            try {
                int _ = pager.get().await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            line.pager(false);
        }
    }
}
