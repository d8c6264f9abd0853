package io.etcdmedic.command.connect;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where passwords and passphrases come from: a file, an open descriptor, or the keyboard. Never an argument, which
/// everybody on the machine can read.
final class Secrets {
    private static final int BYTES_MAX = 4096;

    private Secrets() {}

    /// The first line of `file` or of the descriptor `fd`, or what is typed.
    ///
    /// @param what "the password of root"
    /// @param option the option that names a file, for the hint
    /// @throws Failure.Usage when none is named and nobody can be asked
    static char[] read(String what, Optional<Path> file, Optional<Integer> fd, String option) {
        Optional<Path> source = file.or(() -> fd.map(n -> Path.of("/dev/fd/" + n)));
        return source.map(path -> firstLine(what, path)).orElseGet(() -> asked(what, option));
    }

    private static char[] firstLine(String what, Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            String text = new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8);
            String line = text.lines().findFirst().orElse("");
            if (line.isEmpty()) {
                throw new Failure.Usage(
                        Problem.in("reading " + what + " from " + path).found("its first line is empty"));
            }
            return line.toCharArray();
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("reading " + what + " from " + path)
                            .found(e instanceof java.nio.file.NoSuchFileException ? "it is not there" : e.toString()))
                    .because(e);
        }
    }

    private static char[] asked(String what, String option) {
        Console console = System.console();
        char[] typed = console == null || !console.isTerminal() ? null : console.readPassword("%s: ", what);
        if (typed == null) {
            throw new Failure.Usage(Problem.in("asking for " + what)
                    .found("there is no terminal to ask on")
                    .hint("name a file that only you can read: " + option + " FILE"));
        }
        return typed;
    }
}
