package io.etcdmedic.command;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.installation.Installation;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Outlet;
import io.etcdmedic.repair.Stop;
import io.etcdmedic.shell.ShellCommands;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// One command line that ran in process.
///
/// @param status its exit code
public record Ran(int status, Bytes stdout, String stderr) {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-12-01T12:00:00Z"), ZoneOffset.UTC);

    public static Ran of(String... words) {
        return run(false, List.of(words));
    }

    public static Ran onTerminal(String... words) {
        return run(true, List.of(words));
    }

    static Ran run(boolean terminal, List<String> words) {
        return run(terminal, Map.of(), Prompt.NOBODY, words);
    }

    static Ran run(boolean terminal, Map<String, String> environment, Prompt prompt, List<String> words) {
        return run(terminal, environment, prompt, Installation::nothing, words);
    }

    /// With an environment and a machine to find things on.
    static Ran in(Map<String, String> environment, Supplier<Installation> machine, List<String> words) {
        return run(false, environment, Prompt.NOBODY, machine, words);
    }

    private static Ran run(
            boolean terminal,
            Map<String, String> environment,
            Prompt prompt,
            Supplier<Installation> machine,
            List<String> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new Outlet(out),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                terminal,
                false);
        int status = new Medic(
                        new Surroundings(console, CLOCK, environment, prompt, Stop.NEVER, machine), ShellCommands.all())
                .run(words)
                .status();
        console.out().flush();
        return new Ran(status, Bytes.owned(out.toByteArray()), err.toString(StandardCharsets.UTF_8));
    }

    public String text() {
        return stdout.toUtf8();
    }
}
