package io.etcdmedic.command;

import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Outlet;
import io.etcdmedic.repair.Stop;
import io.etcdmedic.shell.ShellCommands;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// medic's command line at a real control plane.
///
/// @param state its state folder
record MedicAtKube(KubeProcess kube, Path state) {
    /// The words that a confirmation asks for.
    private static final Pattern ASKED = Pattern.compile("\\(([^()]*)\\) to go on");

    /// Runs medic in this process, at a keyboard that types what it is asked for.
    Ran medic(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new Outlet(out),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false);
        int status = new Medic(
                        new Surroundings(console, Clock.systemUTC(), Map.of(), MedicAtKube::typed, Stop.NEVER),
                        ShellCommands.all())
                .run(line(words))
                .status();
        console.out().flush();
        return new Ran(status, Bytes.owned(out.toByteArray()), err.toString(StandardCharsets.UTF_8));
    }

    private static Optional<String> typed(String question) {
        Matcher matcher = ASKED.matcher(question);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /// The argument list of medic as a process of its own.
    List<String> process(String... words) {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.etcdmedic.Main"));
        argv.addAll(line(words));
        return argv;
    }

    private List<String> line(String... words) {
        List<String> line = new ArrayList<>(List.of(
                "--endpoints",
                kube.endpoint(),
                "--kubeconfig",
                kube.kubeconfig().toString(),
                "--state-dir",
                state.toString()));
        line.addAll(List.of(words));
        return line;
    }
}
