package io.etcdmedic.shell;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.command.Catalog;
import io.etcdmedic.command.Medic;
import io.etcdmedic.command.Standing;
import io.etcdmedic.command.Surroundings;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.Pipeline;
import io.etcdmedic.host.PrivateFile;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Outlet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Runs one command line and brings its answer where the line says.
record Delivery(Surroundings surroundings, Catalog catalog, Standing standing) {
    /// Programs that fill the screen: they need the terminal itself, and show control characters harmlessly.
    private static final Set<String> SCREEN_PROGRAMS =
            Set.of("less", "most", "vi", "vim", "nvim", "view", "nano", "emacs", "fzf");

    Interpreter.Ended run(TypedLine line) {
        return switch (line.target()) {
            case TypedLine.Here _ -> medic(surroundings, line.words());
            case TypedLine.File file -> intoFile(line.words(), file);
            case TypedLine.Pipe pipe -> intoPipe(line.words(), pipe);
        };
    }

    private Interpreter.Ended medic(Surroundings around, List<String> words) {
        Medic.Answer answer = new Medic(around, catalog).within(standing).answerTo(words);
        return new Interpreter.Ended(answer.code(), answer.failed());
    }

    private Interpreter.Ended intoFile(List<String> words, TypedLine.File file) {
        Path path = Path.of(file.path());
        try (OutputStream out = file.append() ? PrivateFile.appending(path) : PrivateFile.replacing(path)) {
            return medic(surroundings.with(into(Outlet.toFile(out, path.toString()))), words);
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("writing " + path).found(String.valueOf(e.getMessage())))
                    .because(e);
        }
    }

    private Interpreter.Ended intoPipe(List<String> words, TypedLine.Pipe pipe) {
        String last =
                Path.of(pipe.programs().getLast().getFirst()).getFileName().toString();
        Pipeline.Output output = surroundings.console().terminal() && SCREEN_PROGRAMS.contains(last)
                ? Pipeline.Output.SCREEN
                : Pipeline.Output.READ;
        Pipeline pipeline = Pipeline.start(pipe.programs(), harmless(surroundings.environment()), output);
        try {
            List<Thread> copying = copying(pipeline);
            Outlet out = new Outlet(pipeline.input());
            Interpreter.Ended ended = medic(surroundings.with(into(out)), words);
            out.close();
            int status = pipeline.await();
            for (Thread copied : copying) {
                copied.join();
            }
            return status == 0 || ended.code() != ExitCode.OK ? ended : programFailed(last, status);
        } catch (InterruptedException e) {
            pipeline.kill();
            Thread.currentThread().interrupt();
            throw new Failure.Interrupted(
                    ExitCode.INTERRUPTED, Problem.in("waiting for " + last).found("stopped"));
        }
    }

    /// Whatever `LESS` says, less shows the bytes of an answer and hands none of them to the terminal.
    private static Map<String, String> harmless(Map<String, String> environment) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.put("LESS", environment.getOrDefault("LESS", "") + " -+r -+R");
        return changed;
    }

    private List<Thread> copying(Pipeline pipeline) {
        Console console = surroundings.console();
        List<Thread> copying = new ArrayList<>();
        copying.add(Thread.ofVirtual().start(() -> copy(pipeline.output(), console.out(), console.terminal())));
        for (InputStream complaints : pipeline.errors()) {
            copying.add(Thread.ofVirtual().start(() -> copy(complaints, console.err(), console.talkTerminal())));
        }
        return copying;
    }

    /// A program that found nothing, as grep says with 1, has answered.
    private Interpreter.Ended programFailed(String program, int status) {
        if (status == 1) {
            return new Interpreter.Ended(ExitCode.FINDINGS, false);
        }
        throw new Failure.Unreachable(Problem.in("running " + program).found("it ended with exit code " + status));
    }

    /// What programs write reaches a terminal with everything escaped that a terminal would obey.
    private static void copy(InputStream from, OutputStream to, boolean terminal) {
        try (from;
                Punctual punctual = new Punctual(to)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = from.read(); b >= 0; b = from.read()) {
                line.write(b);
                if (b == '\n') {
                    show(punctual, line, terminal);
                }
            }
            show(punctual, line, terminal);
        } catch (IOException gone) {
            // The program was ended, or our own reader is gone.
        }
    }

    private static void show(OutputStream to, ByteArrayOutputStream line, boolean terminal) throws IOException {
        Bytes bytes = Bytes.copyOf(line.toByteArray());
        line.reset();
        Bytes shown = terminal
                ? Bytes.utf8(Escape.exactUtf8(bytes).map(Escape::multiline).orElseGet(() -> lossless(bytes)))
                : bytes;
        shown.writeTo(to);
    }

    private static String lossless(Bytes line) {
        boolean ends = line.at(line.length() - 1) == '\n';
        return ends ? Escape.printable(line.slice(0, line.length() - 1)) + "\n" : Escape.printable(line);
    }

    /// The console of a command whose answer is data for somebody else.
    private Console into(Outlet out) {
        Console console = surroundings.console();
        return new Console(console.in(), out, console.err(), false, console.talkTerminal(), false);
    }
}
