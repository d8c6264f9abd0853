package io.etcdmedic;

import io.etcdmedic.command.Medic;
import io.etcdmedic.command.Prompt;
import io.etcdmedic.command.Surroundings;
import io.etcdmedic.installation.Installation;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Outlet;
import io.etcdmedic.repair.Stop;
import io.etcdmedic.shell.ShellCommands;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/// Assembles the program, runs one command and exits with its code.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        boolean terminal = isTerminal(1);
        boolean colour = terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
        Console console = new Console(
                System.in,
                outlet(new FileOutputStream(FileDescriptor.out)),
                new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8),
                terminal,
                isTerminal(2),
                colour);
        Prompt prompt = isTerminal(0) && isTerminal(2) ? Prompt.of(console) : Prompt.NOBODY;
        int status = new Medic(
                        new Surroundings(console, Clock.systemUTC(), environment, prompt, Stop.NEVER, Main::machine),
                        ShellCommands.all())
                .run(List.of(args))
                .status();
        console.out().flush();
        console.err().flush();
        System.exit(status);
    }

    private static Installation machine() {
        return Installation.below(Path.of("/"));
    }

    /// A pipe's reader may go away; a file is to hold all.
    private static Outlet outlet(FileOutputStream out) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            boolean reader = target.startsWith("pipe:") || target.startsWith("socket:") || isTerminal(1);
            return reader ? new Outlet(out) : Outlet.toFile(out, "the answer");
        } catch (IOException notThere) {
            return new Outlet(out);
        }
    }

    /// Whether a descriptor goes to a terminal; asks the system, because `System.console()` loads a line editor.
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Path.of("/proc/self/fd/" + descriptor).toRealPath().toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException notThere) {
            return false;
        }
    }
}
