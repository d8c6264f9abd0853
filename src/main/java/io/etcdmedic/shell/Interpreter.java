package io.etcdmedic.shell;

import io.etcdmedic.command.Catalog;
import io.etcdmedic.command.Medic;
import io.etcdmedic.command.Place;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.SharedOptions;
import io.etcdmedic.command.Standing;
import io.etcdmedic.command.Surroundings;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Format;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// Runs command lines one after another over one open source: what the shell, scripts and the demo have in common.
///
/// It remembers what a line leaves for the next one: the source, the folder, the form of output.
public final class Interpreter implements AutoCloseable {
    private final Surroundings surroundings;
    private final BiFunction<Surroundings, SharedOptions, Session> opener;
    private final String program;
    private Catalog catalog;
    private final Map<String, String> variables;
    private Session opened;
    private Optional<Place> place = Optional.empty();
    private Place before = Place.ROOT;
    private Optional<Format> output;
    private final boolean readOnly;
    private boolean ended;

    /// @param opener makes the session whose source all lines share, when first and after `use`
    /// @param variables what `$NAME` stands for in a line
    public Interpreter(
            Surroundings surroundings,
            SharedOptions options,
            BiFunction<Surroundings, SharedOptions, Session> opener,
            Map<String, String> variables) {
        this(surroundings, options, opener, variables, "");
    }

    /// @param program what stands before each command, in help and hints too; with one the commands are those of a
    ///     command line of its own
    Interpreter(
            Surroundings surroundings,
            SharedOptions options,
            BiFunction<Surroundings, SharedOptions, Session> opener,
            Map<String, String> variables,
            String program) {
        this.program = program;
        this.surroundings = surroundings;
        this.opener = opener;
        this.variables = Map.copyOf(variables);
        this.output = options.output();
        this.opened = opener.apply(unwatched(surroundings), options.withOutput(Optional.empty()));
        this.readOnly = opened.readOnly();
        this.catalog = program.isEmpty() ? ShellCommands.within(this) : ShellCommands.all();
    }

    /// The shared source is read in the background too, where no progress is shown: lines show their own.
    private static Surroundings unwatched(Surroundings surroundings) {
        Console console = surroundings.console();
        return surroundings.with(new Console(
                console.in(),
                console.out(),
                console.err(),
                console.terminal(),
                false,
                console.colour(),
                console.columns()));
    }

    /// What one line came to.
    ///
    /// @param failed whether it could not do what it was asked: unlike findings and differences, which are answers
    public record Ended(ExitCode code, boolean failed) {
        static final Ended WELL = new Ended(ExitCode.OK, false);
    }

    /// Runs `line` as if it stood at `where`; never throws a [Failure].
    ///
    /// @param where file and line, for messages; empty at a prompt
    public Ended run(String line, String where) {
        return run(line, where, surroundings);
    }

    /// The same with other surroundings: other streams, another operator.
    public Ended run(String line, String where, Surroundings around) {
        Standing standing = new Standing(opened, place, output, program, where);
        try {
            TypedLine typed = Splitter.split(line, variables).withoutProgram();
            return typed.isEmpty() ? Ended.WELL : new Delivery(around, catalog, standing).run(typed);
        } catch (Failure failure) {
            return new Ended(new Medic(around, catalog).within(standing).report(failure), true);
        }
    }

    /// Looks whether `line` could run, without running it.
    ///
    /// @throws Failure.Usage when it cannot be taken apart, or names no command, or an option that there is not
    public void check(String line) {
        TypedLine typed = Splitter.split(line, variables).withoutProgram();
        if (!typed.isEmpty()) {
            new Medic(surroundings, catalog)
                    .within(new Standing(opened, place, output, program, ""))
                    .check(typed.words());
        }
    }

    public Catalog catalog() {
        return catalog;
    }

    public Surroundings surroundings() {
        return surroundings;
    }

    /// Offers `row` to the lines from now on.
    void offer(Catalog.Row row) {
        catalog = catalog.with(List.of(row));
    }

    /// Whether nothing can be written whatever is typed: so it was opened.
    boolean isReadOnly() {
        return readOnly;
    }

    /// The session whose source the lines share.
    public Session opened() {
        return opened;
    }

    public Optional<Place> place() {
        return place;
    }

    void move(Place to) {
        before = place.orElse(Place.ROOT);
        place = Optional.of(to);
    }

    /// The folder before the last move.
    Place before() {
        return before;
    }

    /// Leaves the source for another one; the folder is the new one's root again. One that cannot be opened changes
    /// nothing.
    void use(SharedOptions options) {
        Session next = opener.apply(unwatched(surroundings), options);
        try {
            var _ = next.keyspace();
        } catch (Failure unusable) {
            next.close();
            throw unusable;
        }
        opened.close();
        opened = next;
        place = Optional.empty();
    }

    /// The form of output from now on; empty: each command's own.
    void answerIn(Optional<Format> format) {
        output = format;
    }

    Optional<Format> output() {
        return output;
    }

    /// Whether `exit` was typed.
    public boolean hasEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    @Override
    public void close() {
        opened.close();
    }
}
