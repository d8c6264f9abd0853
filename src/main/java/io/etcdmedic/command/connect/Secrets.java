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
    private static final int OTHERS_READ = 044;
    private static final int PERMISSIONS = 07777;

    private Secrets() {}

    /// The first line of `file` or of the descriptor `fd`, or what is typed.
    ///
    /// @param what "the password of root"
    /// @param option the option that names a file, for the hint
    /// @throws Failure.Usage when none is named and nobody can be asked
    /// @throws Failure.Refused when others can read the file
    static char[] read(String what, Optional<Path> file, Optional<Integer> fd, String option) {
        file.ifPresent(path -> requireOursAlone("reading " + what, path));
        Optional<Path> source = file.or(() -> fd.map(Secrets::descriptor));
        return source.map(path -> firstLine(what, path)).orElseGet(() -> asked(what, option));
    }

    private static Path descriptor(int number) {
        Path path = Path.of("/dev/fd/" + number);
        if (!Files.exists(path)) {
            throw new Failure.Usage(Problem.in("reading a password or a passphrase from the descriptor " + number)
                    .found("it is not open")
                    .expected("an open one: medic … --password-fd 3 3<FILE"));
        }
        return path;
    }

    /// A pipe is nobody's to read twice, so only a file can be too open.
    ///
    /// @throws Failure.Refused when others can read `secret`
    static void requireOursAlone(String operation, Path secret) {
        try {
            int mode = (int) Files.getAttribute(secret, "unix:mode") & PERMISSIONS;
            if (Files.isRegularFile(secret) && (mode & OTHERS_READ) != 0) {
                throw new Failure.Refused(Problem.in(operation)
                        .found("others can read " + secret + " (mode %04o)".formatted(mode))
                        .hint("chmod 600 " + secret + "; if others use this machine, take it for known to them"));
            }
        } catch (IOException absent) {
            // Whoever reads it says so better.
        }
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
