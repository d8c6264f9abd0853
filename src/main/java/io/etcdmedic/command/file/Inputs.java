package io.etcdmedic.command.file;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// The files of a command line; standard input where there are none, or for `-`.
final class Inputs {
    static final Path STANDARD = Path.of("-");

    private Inputs() {}

    static List<Path> of(List<Path> named) {
        return named.isEmpty() ? List.of(STANDARD) : named;
    }

    /// @throws Failure.Unreachable when it cannot be read
    static Bytes read(Path file, Session session) {
        Problem problem = Problem.in("reading " + (file.equals(STANDARD) ? "standard input" : file));
        try {
            return Bytes.owned(
                    file.equals(STANDARD) ? session.console().in().readAllBytes() : Files.readAllBytes(file));
        } catch (NoSuchFileException absent) {
            throw new Failure.Unreachable(problem.found("no such file")).because(absent);
        } catch (IOException e) {
            throw new Failure.Unreachable(problem.found(e.toString())).because(e);
        }
    }
}
