package io.etcdmedic.command;

import io.etcdmedic.command.about.Version;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Renderer;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// Runs one command line, in process: parse, run, render, report what failed.
public final class Medic {
    private final Surroundings surroundings;

    public Medic(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /// @param words as a shell hands them over, without the program's name
    public ExitCode run(List<String> words) {
        boolean debug = words.contains("--debug");
        try {
            ExitCode code = answer(words);
            surroundings.console().out().flush();
            return code;
        } catch (Failure failure) {
            return new FailureReport(surroundings.console(), debug).failed(failure);
        } catch (RuntimeException bug) {
            return new FailureReport(surroundings.console(), debug).bug(bug);
        }
    }

    private ExitCode answer(List<String> words) {
        if (words.equals(List.of("--version"))) {
            return print("medic " + Version.NUMBER + "\n");
        }
        Parsed before = new Parsed();
        List<String> rest = before.sharedThenWords(words);
        if (rest.isEmpty() || rest.getFirst().equals("help") && rest.size() == 1) {
            return print(Help.overview());
        }
        if (rest.getFirst().equals("help")) {
            return answer(helpWanted(rest.subList(1, rest.size())));
        }
        Optional<Catalog.Row> row = Catalog.find(rest);
        if (row.isEmpty()) {
            return withoutRow(rest, before.shared());
        }
        List<String> arguments = rest.subList(row.get().path().size(), rest.size());
        return run(row.get(), before.shared(), arguments);
    }

    private static List<String> helpWanted(List<String> words) {
        List<String> wanted = new ArrayList<>(words);
        wanted.add("--help");
        return wanted;
    }

    /// The first word is a group's (`snapshot --help`), or nobody's.
    private ExitCode withoutRow(List<String> rest, SharedOptions before) {
        List<Catalog.Row> group = Catalog.named(rest.getFirst());
        List<String> words = rest.stream().filter(w -> !w.startsWith("-")).toList();
        List<Catalog.Row> below = Help.below(group, words);
        boolean asksForHelp = before.help() || rest.contains("--help") || rest.contains("-h") || words.size() == 1;
        if (!below.isEmpty() && (asksForHelp || words.size() == 2)) {
            return print(Help.group(String.join(" ", words), below));
        }
        throw Help.unknownCommand(words.isEmpty() ? rest : words, group);
    }

    private ExitCode run(Catalog.Row row, SharedOptions before, List<String> arguments) {
        Command command = row.make().get();
        Parsed parsed = new Parsed();
        CommandLine line = parsed.command(row, command, arguments);
        SharedOptions shared = parsed.shared().over(before);
        if (shared.help()) {
            return print(line.getUsageMessage(CommandLine.Help.Ansi.OFF));
        }
        try (Session session = new Session(surroundings, shared)) {
            Report report = command.run(session);
            new Renderer(surroundings.console(), session.format(Format.TABLE)).write(report);
            return report.exitCode();
        }
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
