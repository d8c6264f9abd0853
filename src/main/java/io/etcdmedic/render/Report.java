package io.etcdmedic.render;

import io.etcdmedic.failure.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What a command answers.
///
/// @param talk lines for standard error: what the reader of the data must know and a program must not parse
/// @param afterwards more of them, asked for when the content is written: counts of what a listing passed over
public record Report(Content content, ExitCode exitCode, List<String> talk, Supplier<List<String>> afterwards) {
    public Report {
        talk = List.copyOf(talk);
    }

    public static Report of(Content content) {
        return new Report(content, ExitCode.OK, List.of(), List::of);
    }

    public Report exit(ExitCode code) {
        return new Report(content, code, talk, afterwards);
    }

    public Report saying(String line) {
        List<String> more = new ArrayList<>(talk);
        more.add(line);
        return new Report(content, exitCode, more, afterwards);
    }

    public Report sayingAfterwards(Supplier<List<String>> lines) {
        return new Report(content, exitCode, talk, lines);
    }
}
