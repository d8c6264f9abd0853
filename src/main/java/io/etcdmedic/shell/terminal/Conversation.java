package io.etcdmedic.shell.terminal;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.command.Surroundings;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Console;
import io.etcdmedic.shell.Interpreter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jline.reader.EndOfFileException;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/// One operator at one terminal: reads a line, runs it, until Ctrl-D or `exit`.
public final class Conversation {
    /// How long the prompt may wait for news of the source; later ones change it where it stands.
    private static final Duration PROMPT_WAIT = Duration.ofMillis(150);

    private final Interpreter interpreter;
    private final Supplier<Path> state;

    /// @param state the folder for the history; without one none is kept
    public Conversation(Interpreter interpreter, Supplier<Path> state) {
        this.interpreter = interpreter;
        this.state = state;
    }

    /// @param welcome said first; may be empty
    public ExitCode hold(String welcome) {
        try (Terminal terminal = TerminalBuilder.builder()
                        .system(true)
                        .providers("ffm,exec")
                        .nativeSignals(true)
                        // As everything that medic reads and writes, whatever the locale says.
                        .encoding(StandardCharsets.UTF_8)
                        .stdinEncoding(StandardCharsets.UTF_8)
                        .stdoutEncoding(StandardCharsets.UTF_8)
                        .build();
                KeyNames names = new KeyNames(interpreter);
                SourceNews news = new SourceNews(interpreter)) {
            // Between lines Ctrl-C is nobody's: without a handler it would end the process.
            Terminal.SignalHandler _ = terminal.handle(Terminal.Signal.INT, _ -> {});
            Console console = interpreter.surroundings().console();
            LiveReader reader = new LiveReader(terminal, new Completion(interpreter, names), console.in());
            say(console, welcome);
            HistoryFile.attach(reader, state, text -> say(console, text + "\n"));
            EditorKey.bind(reader, terminal, interpreter.surroundings().environment());
            names.warm();
            Thread _ =
                    Thread.ofPlatform().name("warm").daemon(true).start(() -> Completion.warm(interpreter.catalog()));
            turns(terminal, reader, news, names);
            HistoryFile.save(reader);
            return ExitCode.OK;
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("opening the terminal").found(String.valueOf(e.getMessage())))
                    .because(e);
        }
    }

    private void turns(Terminal terminal, LiveReader reader, SourceNews news, KeyNames names) {
        Console console = interpreter.surroundings().console();
        while (!interpreter.hasEnded()) {
            Function<Optional<SourceNews.News>, String> prompt =
                    heard -> new PromptLine(interpreter, heard).text(terminal.getWidth(), console);
            Optional<SourceNews.News> first = news.latest(PROMPT_WAIT);
            String line;
            // A terminal that cannot move its cursor keeps the prompt that it has.
            boolean fixed = terminal.getType().startsWith("dumb");
            try (LatePrompt _ = LatePrompt.of(news, first, heard -> fixed || reader.show(prompt.apply(heard)))) {
                line = reader.readLine(prompt.apply(first));
            } catch (UserInterruptException interrupted) {
                continue;
            } catch (EndOfFileException end) {
                return;
            }
            if (!line.isBlank()) {
                run(terminal, line);
                names.mayHaveChanged();
            }
        }
    }

    private void run(Terminal terminal, String line) {
        Surroundings around = interpreter.surroundings();
        RunningLine running = new RunningLine(terminal);
        Console console = around.console();
        try (PagedOutput screen = PagedOutput.over(console.out(), terminal, around.environment(), running)) {
            Console paged = console.to(screen.outlet(), terminal.getWidth());
            paged = paged.reading(new TypedInput(terminal, paged));
            Surroundings own = new Surroundings(
                    paged,
                    around.clock(),
                    around.environment(),
                    new RedPrompt(terminal, interpreter, console),
                    running.stop(),
                    around.machine());
            running.run(() -> interpreter.run(line, "", own), console.err(), screen.outlet());
        }
        console.out().flush();
        console.err().flush();
    }

    private static void say(Console console, String text) {
        PrintStream out = console.out();
        out.print(Escape.multiline(text));
        out.flush();
    }
}
