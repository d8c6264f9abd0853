package io.etcdmedic.command;

import io.etcdmedic.command.about.Version;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Renderer;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Runs one command line, in process: parse, run, render, report what failed.
public final class Medic {
    private final Surroundings surroundings;
    private final Catalog catalog;
    private final Optional<Standing> standing;
    private final Help help;

    public Medic(Surroundings surroundings, Catalog catalog) {
        this(surroundings, catalog, Optional.empty());
    }

    private Medic(Surroundings surroundings, Catalog catalog, Optional<Standing> standing) {
        this.surroundings = surroundings;
        this.catalog = catalog;
        this.standing = standing;
        this.help = new Help(catalog, standing.map(Standing::program).orElse("medic "));
    }

    /// The same for a command line that is one of many.
    public Medic within(Standing among) {
        return new Medic(surroundings, catalog, Optional.of(among));
    }

    /// What a command line came to.
    ///
    /// @param failed whether a failure was reported: findings and differences are answers
    public record Answer(ExitCode code, boolean failed) {}

    /// @param words as a shell hands them over, without the program's name
    public ExitCode run(List<String> words) {
        return answerTo(words).code();
    }

    /// @param words as a shell hands them over, without the program's name
    public Answer answerTo(List<String> words) {
        FailureReport report = failures(words.contains("--debug"));
        try {
            ExitCode code = answer(words);
            surroundings.console().requireWritten();
            return new Answer(code, code.status() > ExitCode.FINDINGS.status());
        } catch (Failure failure) {
            return new Answer(report.failed(failure), true);
        } catch (RuntimeException bug) {
            return new Answer(report.bug(bug), true);
        } catch (OutOfMemoryError full) {
            return new Answer(report.outOfMemory(), true);
        }
    }

    /// Tells the operator of a failure outside a command.
    public ExitCode report(Failure failure) {
        return failures(false).failed(failure);
    }

    private FailureReport failures(boolean debug) {
        boolean always = standing.filter(s -> s.opened().options().debug()).isPresent();
        return new FailureReport(
                surroundings.console(),
                debug || always,
                standing.map(Standing::where).orElse(""));
    }

    /// Looks whether `words` name a command and its options, without running it.
    ///
    /// @throws Failure.Usage when they do not
    public void check(List<String> words) {
        if (words.equals(List.of("--version"))) {
            return;
        }
        Parsed before = new Parsed();
        List<String> rest = before.sharedThenWords(words);
        requireCommand(words, rest, before.shared());
        Optional<Catalog.Row> row = catalog.find(rest);
        if (row.isPresent()) {
            new Parsed()
                    .command(
                            row.get(),
                            row.get().make().get(),
                            rest.subList(row.get().path().size(), rest.size()));
        } else if (!rest.isEmpty() && !rest.getFirst().equals("help")) {
            requireGroup(rest);
        }
    }

    private ExitCode answer(List<String> words) {
        if (words.equals(List.of("--version"))) {
            return print("medic " + Version.NUMBER + "\n");
        }
        Parsed before = new Parsed();
        List<String> rest = before.sharedThenWords(words);
        requireCommand(words, rest, before.shared());
        if (rest.isEmpty() || rest.getFirst().equals("help") && rest.size() == 1) {
            return print(help.overview());
        }
        if (rest.getFirst().equals("help")) {
            return rest.equals(List.of("help", "options"))
                    ? print(help.options())
                    : answer(helpWanted(rest.subList(1, rest.size())));
        }
        Optional<Catalog.Row> row = catalog.find(rest);
        if (row.isEmpty()) {
            return withoutRow(rest, before.shared());
        }
        return run(row.get(), before, rest.subList(row.get().path().size(), rest.size()));
    }

    /// Options alone are forgotten with their line: among others they do nothing, whatever they seem to say.
    private void requireCommand(List<String> words, List<String> rest, SharedOptions options) {
        if (standing.isEmpty() || words.isEmpty() || !rest.isEmpty() || options.help()) {
            return;
        }
        boolean prompt = standing.get().program().isEmpty();
        String hint = options.output()
                .filter(_ -> prompt)
                .map(format -> "output %s: every answer in this form from now on"
                        .formatted(format.name().toLowerCase(Locale.ROOT)))
                .orElseGet(() -> (prompt ? "use OPTIONS looks at another source; " : "")
                        + "options of one line stand before or after its command");
        throw usage("options and no command", hint);
    }

    private static List<String> helpWanted(List<String> words) {
        List<String> wanted = new ArrayList<>(words);
        wanted.add("--help");
        return wanted;
    }

    /// The first word is a group's (`snapshot --help`), or nobody's.
    private ExitCode withoutRow(List<String> rest, SharedOptions before) {
        boolean asksForHelp = before.help() || rest.contains("--help") || rest.contains("-h");
        List<String> words = rest.stream().takeWhile(w -> !w.startsWith("-")).toList();
        List<Catalog.Row> below = Help.below(catalog.named(rest.getFirst()), words);
        if (!below.isEmpty() && (asksForHelp || words.size() <= 2)) {
            return print(help.group(String.join(" ", words), below));
        }
        throw help.unknownCommand(words.isEmpty() ? rest : words, catalog.named(rest.getFirst()));
    }

    private void requireGroup(List<String> rest) {
        List<String> words = rest.stream().takeWhile(w -> !w.startsWith("-")).toList();
        List<Catalog.Row> group = catalog.named(rest.getFirst());
        if (Help.below(group, words).isEmpty()) {
            throw help.unknownCommand(words.isEmpty() ? rest : words, group);
        }
    }

    private ExitCode run(Catalog.Row row, Parsed before, List<String> arguments) {
        Command command = row.make().get();
        boolean prepared = command.isQuick()
                && standing.isEmpty()
                && before.shared().snapshot().isEmpty()
                && !Parsed.mayNameFile(arguments);
        if (!prepared) {
            return run(row, command, before, arguments);
        }
        EtcdCluster.prepare();
        try {
            return run(row, command, before, arguments);
        } finally {
            EtcdCluster.unprepare();
        }
    }

    private ExitCode run(Catalog.Row row, Command command, Parsed before, List<String> arguments) {
        Parsed parsed = new Parsed();
        parsed.command(row, command, arguments);
        SharedOptions given = parsed.shared().over(before.shared());
        if (given.help()) {
            return print(help.command(row));
        }
        try (Session session = session(given, before, parsed)) {
            Report report = command.run(session);
            Renderer renderer = new Renderer(surroundings.console(), session.format(Format.TABLE));
            renderer.write(report);
            renderer.say(session.takeNotes());
            return report.exitCode();
        }
    }

    /// The session of this line alone, or one that leans on what is open already.
    private Session session(SharedOptions given, Parsed before, Parsed parsed) {
        if (standing.isEmpty()) {
            return new Session(surroundings, given);
        }
        SharedOptions base = standing.get().opened().options();
        boolean target = before.namesTarget() || parsed.namesTarget();
        Session.Share share = before.namesSource() || parsed.namesSource()
                ? Session.Share.NOTHING
                : before.namesValues() || parsed.namesValues() ? Session.Share.SOURCE : Session.Share.ALL;
        SharedOptions sticky = base.withOutput(standing.get().output().or(base::output));
        SharedOptions merged = given.over(target ? sticky.withoutSource() : sticky);
        return new Session(surroundings, given, merged, standing.get(), share);
    }

    private ExitCode print(String text) {
        surroundings.console().out().print(text);
        return ExitCode.OK;
    }

    static Failure.Usage usage(String found, String hint) {
        return new Failure.Usage(
                Problem.in("reading the command line").found(found).hint(hint));
    }
}
