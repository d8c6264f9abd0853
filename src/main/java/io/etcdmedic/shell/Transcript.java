package io.etcdmedic.shell;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.command.Surroundings;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.PrivateFile;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Outlet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/// What was typed and what came of it, in a file that can be attached to an incident.
///
/// Shape: `TIME> LINE`, the answer below it, each line of talk after `! `, then `[N]` for an exit code other than 0.
/// Values that the line carries and answers that show secrets are left out; everything that a terminal would obey is
/// escaped.
public final class Transcript implements AutoCloseable, ScriptRun.Witness {
    /// A progress bar, which is overwritten on the terminal.
    private static final Pattern PROGRESS = Pattern.compile("\r[^\r\n]*\u001b\\[K");
    private final OutputStream file;
    private final Path path;
    private final Clock clock;
    private boolean withheld;
    private long withheldBytes;

    private Transcript(OutputStream file, Path path, Clock clock) {
        this.file = file;
        this.path = path;
        this.clock = clock;
    }

    /// Begins a transcript in `path`, which is replaced.
    public static Transcript begin(Path path, Clock clock) {
        return new Transcript(PrivateFile.replacing(path), path, clock);
    }

    /// The surroundings for one line, whose streams are written down too.
    ///
    /// @param secrets whether the line may show what is redacted otherwise: then its answer is left out
    @Override
    public Surroundings listen(Surroundings around, String line, boolean secrets) {
        withheld = secrets;
        withheldBytes = 0;
        String shown = Confidential.withoutValues(line).replace("\n", "\n  ");
        write(clock.instant().truncatedTo(ChronoUnit.SECONDS) + "> " + Escape.multiline(shown) + "\n");
        Console console = around.console();
        return around.with(new Console(
                console.in(),
                new Outlet(new Tee(console.out(), "")),
                new PrintStream(new Tee(console.err(), "! "), false, StandardCharsets.UTF_8),
                console.terminal(),
                console.talkTerminal(),
                console.colour()));
    }

    @Override
    public void ended(ExitCode code) {
        if (withheldBytes > 0) {
            write("(an answer of " + withheldBytes + " bytes that may show secrets is left out)\n");
        }
        if (code != ExitCode.OK) {
            write("[" + code.status() + "]\n");
        }
    }

    private void write(String text) {
        try {
            Bytes.utf8(text).writeTo(file);
        } catch (IOException e) {
            throw new Failure.Unreachable(
                            Problem.in("writing the transcript " + path).found(String.valueOf(e.getMessage())))
                    .because(e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new Failure.Unreachable(
                            Problem.in("closing the transcript " + path).found(String.valueOf(e.getMessage())))
                    .because(e);
        }
    }

    /// Passes everything on, and writes it down line by line.
    private final class Tee extends OutputStream {
        private final PrintStream on;
        private final String mark;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Tee(PrintStream on, String mark) {
            this.on = on;
            this.mark = mark;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            on.write(bytes, offset, length);
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '\n') {
                    put();
                } else {
                    line.write(bytes[i]);
                }
            }
        }

        @Override
        public void flush() {
            on.flush();
            if (line.size() > 0) {
                put();
            }
        }

        private void put() {
            Bytes bytes = Bytes.copyOf(line.toByteArray());
            line.reset();
            if (withheld && mark.isEmpty()) {
                withheldBytes += bytes.length() + 1L;
                return;
            }
            String whole = Escape.exactUtf8(bytes).orElseGet(() -> Escape.printable(bytes));
            String text = PROGRESS.matcher(whole).replaceAll("");
            if (text.isEmpty() && !whole.isEmpty()) {
                return;
            }
            Transcript.this.write(mark + Escape.multiline(text.replaceAll("\u001b\\[[0-9;]*m", "")) + "\n");
        }
    }
}
