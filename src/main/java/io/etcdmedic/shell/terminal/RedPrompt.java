package io.etcdmedic.shell.terminal;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.command.Prompt;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Source;
import io.etcdmedic.render.Console;
import io.etcdmedic.shell.Interpreter;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/// Asks while a change waits for the answer: in red, and naming the cluster. What is typed is in no history.
record RedPrompt(Terminal terminal, Interpreter interpreter, Console console) implements Prompt {

    @Override
    public Optional<String> ask(String question) {
        console.out().flush();
        console.err().flush();
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .variable(LineReader.DISABLE_HISTORY, true)
                .variable(LineReader.DISABLE_COMPLETION, true)
                .build();
        Optional<Source> opened = source();
        String name = PromptLine.sourceName(interpreter, opened.map(Source::name));
        String source = (name + " " + opened.map(Source::clusterId).orElse("")).strip();
        try {
            String typed = reader.readLine(
                    console.red(PromptLine.literally(Escape.line("[" + source + "] ") + Escape.multiline(question))));
            return Optional.of(typed.strip());
        } catch (UserInterruptException | EndOfFileException nobody) {
            return Optional.empty();
        }
    }

    /// The source is open: a plan was made from it.
    private Optional<Source> source() {
        try {
            return Optional.of(interpreter.opened().keyspace().source());
        } catch (Failure unreachable) {
            return Optional.empty();
        }
    }
}
