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
import java.nio.file.Path;
import java.time.Duration;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/// One operator at one terminal: reads a line, runs it, until Ctrl-D or `exit`.
public final class Conversation {
    /// How long the prompt may wait for news of the source.
    private static final Duration PROMPT_WAIT = Duration.ofMillis(150);

    /// The same for the first prompt, when the source is yet to be opened.
    private static final Duration FIRST_PROMPT_WAIT = Duration.ofSeconds(1);

    private final Interpreter interpreter;
    private final Path state;

    /// @param state the folder for the history
    public Conversation(Interpreter interpreter, Path state) {
        this.interpreter = interpreter;
        this.state = state;
    }

    /// @param welcome said first; may be empty
    public ExitCode hold(String welcome) {
        try (Terminal terminal = TerminalBuilder.builder()
                        .system(true)
                        .providers("ffm,exec")
                        .nativeSignals(true)
                        .build();
                KeyNames names = new KeyNames(interpreter);
                SourceNews news = new SourceNews(interpreter)) {
            // Between lines Ctrl-C is nobody's: without a handler it would end the process.
            Terminal.SignalHandler _ = terminal.handle(Terminal.Signal.INT, _ -> {});
            LineReader reader = reader(terminal, names);
            Console console = interpreter.surroundings().console();
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

    private LineReader reader(Terminal terminal, KeyNames names) {
        LineReader reader = LineReaderBuilder.builder()
                .appName("medic")
                .terminal(terminal)
                .parser(new LineParser())
                .completer(new Completion(interpreter, names))
                .history(new HistoryFile())
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "%P… ")
                .variable(LineReader.LIST_MAX, 200)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                .option(LineReader.Option.COMPLETE_MATCHER_TYPO, false)
                .option(LineReader.Option.COMPLETE_MATCHER_CAMELCASE, false)
                .option(LineReader.Option.INSERT_TAB, false)
                .option(LineReader.Option.AUTO_FRESH_LINE, true)
                .build();
        reader.unsetOpt(LineReader.Option.AUTO_PARAM_SLASH);
        reader.unsetOpt(LineReader.Option.AUTO_REMOVE_SLASH);
        return reader;
    }

    private void turns(Terminal terminal, LineReader reader, SourceNews news, KeyNames names) {
        Duration wait = FIRST_PROMPT_WAIT;
        while (!interpreter.hasEnded()) {
            String prompt = new PromptLine(interpreter, news.latest(wait))
                    .text(terminal.getWidth(), interpreter.surroundings().console());
            wait = PROMPT_WAIT;
            String line;
            try {
                line = reader.readLine(prompt);
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
