package io.etcdmedic.shell;

import io.etcdmedic.command.Prompt;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.SharedOptions;
import io.etcdmedic.command.Surroundings;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.installation.Installation;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Outlet;
import io.etcdmedic.repair.Stop;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/// A `.session` file: comments, command lines after `$ medic`, and below each its whole output.
///
/// Shape of an answer: standard output, then each line of standard error after `! `, then `[N]` for an exit code
/// other than 0. The lines run as those of `medic run --keep-going` do, by the same [ScriptRun].
record SessionScript(Path file) {
    private static final String MARK = "$ medic";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-12-01T12:00:00Z"), ZoneOffset.UTC);

    /// What the file says now.
    String expected() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What it would say after running every command anew.
    String actual() {
        Anew anew = new Anew(expected().lines().iterator());
        Surroundings nobody = new Surroundings(
                console(new ByteArrayOutputStream(), new ByteArrayOutputStream()),
                CLOCK,
                Map.of(),
                Prompt.NOBODY,
                Stop.NEVER,
                Installation::nothing);
        try (Interpreter interpreter = new Interpreter(nobody, new SharedOptions(), Session::new, Map.of(), "medic ")) {
            ExitCode _ = new ScriptRun(interpreter, Optional.of(anew), true).run(anew::next);
        }
        return anew.text.toString();
    }

    void accept(String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Console console(ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new Console(
                new ByteArrayInputStream(new byte[0]),
                new Outlet(out),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false);
    }

    /// Hands out the file's command lines, and writes the file anew with their answers.
    private static final class Anew implements ScriptRun.Witness {
        private final Iterator<String> old;
        private final StringBuilder text = new StringBuilder();
        private ByteArrayOutputStream out = new ByteArrayOutputStream();
        private ByteArrayOutputStream err = new ByteArrayOutputStream();
        private boolean answered;

        Anew(Iterator<String> old) {
            this.old = old;
        }

        Optional<Script.Line> next() {
            while (old.hasNext()) {
                String line = old.next();
                if (line.startsWith(MARK)) {
                    text.append(line).append('\n');
                    answered = true;
                    return Optional.of(new Script.Line("", 0, line.substring(MARK.length())));
                }
                if (line.startsWith("# ") || line.equals("#")) {
                    text.append(answered ? "\n" : "").append(line).append('\n');
                    answered = false;
                }
            }
            return Optional.empty();
        }

        @Override
        public Surroundings listen(Surroundings around, String line, boolean secrets) {
            out = new ByteArrayOutputStream();
            err = new ByteArrayOutputStream();
            return around.with(console(out, err));
        }

        @Override
        public void ended(ExitCode code) {
            String answer = out.toString(StandardCharsets.UTF_8);
            text.append(answer);
            if (!answer.isEmpty() && !answer.endsWith("\n")) {
                text.append("(no line feed)\n");
            }
            err.toString(StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> text.append("! ").append(line).append('\n'));
            if (code.status() != 0) {
                text.append('[').append(code.status()).append("]\n");
            }
        }
    }
}
