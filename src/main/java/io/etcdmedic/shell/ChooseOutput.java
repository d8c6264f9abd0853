package io.etcdmedic.shell;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;

/// `output [FORMAT]`: what `-o` is when a line does not say it.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  output            the form in force",
            "  output json       every answer as JSON, until said otherwise",
            "  output default    each command's own form"
        })
final class ChooseOutput implements Command {
    private static final String DEFAULT = "default";
    private final Interpreter interpreter;

    @CommandLine.Parameters(
            arity = "0..1",
            paramLabel = "FORMAT",
            description = "table, wide, yaml, json, jsonl, name, raw, hex, meta, or default")
    private Optional<String> name = Optional.empty();

    ChooseOutput(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    @Override
    public Report run(Session session) {
        if (name.isPresent()) {
            interpreter.answerIn(name.get().equals(DEFAULT) ? Optional.empty() : Optional.of(format(name.get())));
            return Report.of(new Content.Prose(""));
        }
        String now =
                interpreter.output().map(f -> f.name().toLowerCase(Locale.ROOT)).orElse(DEFAULT);
        return Report.of(new Content.Prose(now + "\n"));
    }

    private static Format format(String word) {
        return Arrays.stream(Format.values())
                .filter(format -> format.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new Failure.Usage(Problem.in("reading the command line")
                        .found("no form of output is called '" + word + "'")
                        .expected("table, wide, yaml, json, jsonl, name, raw, hex, meta, or default")));
    }
}
