package io.etcdmedic.render;

import io.etcdmedic.failure.ExitCode;
import java.util.ArrayList;
import java.util.List;

/// What a command answers.
///
/// @param talk lines for standard error: what the reader of the data must know and a program must not parse
public record Report(Content content, ExitCode exitCode, List<String> talk) {
    public Report {
        talk = List.copyOf(talk);
    }

    public static Report of(Content content) {
        return new Report(content, ExitCode.OK, List.of());
    }

    public Report exit(ExitCode code) {
        return new Report(content, code, talk);
    }

    public Report saying(String line) {
        List<String> more = new ArrayList<>(talk);
        more.add(line);
        return new Report(content, exitCode, more);
    }
}
