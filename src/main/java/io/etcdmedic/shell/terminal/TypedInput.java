package io.etcdmedic.shell.terminal;

import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Console;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jline.keymap.KeyMap;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;

/// Standard input of a command at the prompt: the lines that are typed until Ctrl-D.
///
/// They are read as the prompt's are, so that Ctrl-C ends the command at once, and a command that was ended takes
/// no line from the next prompt. What is typed is in no history.
final class TypedInput extends InputStream {
    private final Terminal terminal;
    private final Console console;
    private Optional<LineReader> reader = Optional.empty();
    private ByteArrayInputStream line = new ByteArrayInputStream(new byte[0]);
    private boolean ended;

    /// @param console where it is said that something is waited for
    TypedInput(Terminal terminal, Console console) {
        this.terminal = terminal;
        this.console = console;
    }

    @Override
    public int read() {
        return hasMore() ? line.read() : -1;
    }

    /// A line, or a part of it.
    @Override
    public int read(byte[] bytes, int offset, int length) {
        return length == 0 || hasMore() ? line.read(bytes, offset, length) : -1;
    }

    private boolean hasMore() {
        while (!ended && line.available() == 0) {
            next(reader.orElseGet(this::begin));
        }
        return line.available() > 0;
    }

    private void next(LineReader from) {
        try {
            line = new ByteArrayInputStream((from.readLine("") + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (EndOfFileException end) {
            ended = true;
        } catch (UserInterruptException stopped) {
            throw new Failure.Interrupted(
                    ExitCode.INTERRUPTED, Problem.in("reading what is typed").found("interrupted"));
        }
    }

    private LineReader begin() {
        console.out().flush();
        console.err().println("medic: reading what you type; Ctrl-D on a line of its own ends it, Ctrl-C stops");
        console.err().flush();
        LineReader made = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(new DefaultParser().quoteChars(new char[0]).escapeChars(new char[0]))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .variable(LineReader.DISABLE_HISTORY, true)
                .variable(LineReader.DISABLE_COMPLETION, true)
                .build();
        made.getKeyMaps().values().forEach(TypedInput::takeTabs);
        reader = Optional.of(made);
        return made;
    }

    private static void takeTabs(KeyMap<org.jline.reader.Binding> keys) {
        keys.bind(new Reference(LineReader.SELF_INSERT), "\t");
    }
}
