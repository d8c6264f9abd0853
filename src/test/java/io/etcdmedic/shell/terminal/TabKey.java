package io.etcdmedic.shell.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.command.Prompt;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.SharedOptions;
import io.etcdmedic.command.Surroundings;
import io.etcdmedic.installation.Installation;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Outlet;
import io.etcdmedic.repair.Stop;
import io.etcdmedic.shell.Interpreter;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jline.reader.Candidate;
import picocli.CommandLine;

/// The Tab key at a shell's prompt, without a terminal.
final class TabKey implements AutoCloseable {
    private final Interpreter interpreter;
    private final KeyNames names;
    private final Completion completion;

    private TabKey(
            SharedOptions options,
            Map<String, String> environment,
            BiFunction<Surroundings, SharedOptions, Session> opener) {
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new Outlet(OutputStream.nullOutputStream()),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                false,
                false,
                false);
        Surroundings nobody = new Surroundings(
                console, Clock.systemUTC(), environment, Prompt.NOBODY, Stop.NEVER, Installation::nothing);
        interpreter = new Interpreter(nobody, options, opener, Map.of());
        names = new KeyNames(interpreter);
        completion = new Completion(interpreter, names);
    }

    /// At the source that `words` name, as options do.
    static TabKey at(List<String> words) {
        return at(words, Map.of());
    }

    /// The same with variables of the environment.
    static TabKey at(List<String> words, Map<String, String> environment) {
        SharedOptions options = new SharedOptions();
        CommandLine line = new CommandLine(options);
        CommandLine.ParseResult _ = line.parseArgs(words.toArray(String[]::new));
        return new TabKey(options, environment, Session::new);
    }

    static TabKey over(Keyspace keyspace) {
        return new TabKey(
                new SharedOptions(),
                Map.of(),
                (surroundings, options) -> Session.over(surroundings, options, keyspace));
    }

    /// What is offered at the end of `line`.
    List<String> press(String line) {
        List<Candidate> candidates = new ArrayList<>();
        completion.offer(LineParser.Half.of(line, line, line.length()), candidates);
        return candidates.stream().map(Candidate::value).toList();
    }

    /// Waits until all is read that was asked for.
    void settle() {
        assertThat(names.within(() -> true, Duration.ofSeconds(60))).isPresent();
    }

    /// As a line that ran.
    void ran() {
        names.mayHaveChanged();
    }

    Interpreter interpreter() {
        return interpreter;
    }

    @Override
    public void close() {
        names.close();
        interpreter.close();
    }
}
