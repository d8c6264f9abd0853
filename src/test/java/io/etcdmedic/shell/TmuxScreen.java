package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `medic` in a real terminal: a tmux server of its own, with one window, everything that it sends written to a
/// file.
///
/// Tests wait for text with a deadline; the loaded machine of a build decides how long that takes.
final class TmuxScreen implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(40);

    private final String socket =
            "medic-test-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final Path raw;
    private final Path status;

    private TmuxScreen(Path folder) {
        this.raw = folder.resolve("raw.txt");
        this.status = folder.resolve("status");
    }

    /// Starts `medic arguments` in a window of `columns` and `rows`; its state goes into `folder`.
    static TmuxScreen start(Path folder, int columns, int rows, Map<String, String> environment, String... arguments)
            throws Exception {
        return startIn(Path.of(""), folder, columns, rows, environment, arguments);
    }

    /// The same from another working folder.
    static TmuxScreen startIn(
            Path working, Path folder, int columns, int rows, Map<String, String> environment, String... arguments)
            throws Exception {
        List<String> medic = new ArrayList<>(
                List.of("env", "XDG_STATE_HOME=" + folder.resolve("state"), "LC_ALL=C.UTF-8", "PAGER=less", "LESS=-R"));
        environment.forEach((name, value) -> medic.add(name + "=" + value));
        medic.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                "io.etcdmedic.Main"));
        medic.addAll(List.of(arguments));
        return program(working, folder, columns, rows, medic);
    }

    /// Starts any program, with its arguments, in a window of its own.
    static TmuxScreen program(Path working, Path folder, int columns, int rows, List<String> words) throws Exception {
        TmuxScreen screen = new TmuxScreen(folder);
        Path script = folder.resolve("start.sh");
        String command = String.join(" ", words.stream().map(TmuxScreen::quoted).toList());
        String status = quoted(screen.status.toString());
        Files.writeString(
                script,
                "trap : INT\ncd " + quoted(working.toAbsolutePath().toString()) + "\n" + command + "\necho $? >"
                        + status + ".new\nmv " + status + ".new " + status + "\n");
        screen.tmux("-f", "/dev/null", "new-session", "-d", "-s", "t", "-x", "" + columns, "-y", "" + rows, "sh");
        screen.tmux("set-option", "-g", "remain-on-exit", "on");
        screen.tmux("pipe-pane", "-t", "t", "-o", "cat >" + quoted(screen.raw.toString()));
        screen.tmux("send-keys", "-t", "t", "-l", "exec sh " + quoted(script.toString()));
        screen.keys("Enter");
        return screen;
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    TmuxScreen type(String text) throws Exception {
        tmux("send-keys", "-t", "t", "-l", "--", text);
        return this;
    }

    /// Sends `text` as a terminal does that pastes without saying that it does.
    TmuxScreen paste(String text) throws Exception {
        Path file = raw.resolveSibling("pasted.txt");
        Files.writeString(file, text);
        tmux("load-buffer", file.toString());
        tmux("paste-buffer", "-t", "t");
        return this;
    }

    /// Keys by tmux's names: `Enter`, `Tab`, `C-c`.
    TmuxScreen keys(String... names) throws Exception {
        for (String name : names) {
            tmux("send-keys", "-t", "t", name);
        }
        return this;
    }

    TmuxScreen enter(String text) throws Exception {
        return type(text).keys("Enter");
    }

    void resize(int columns, int rows) throws Exception {
        tmux("resize-window", "-t", "t", "-x", "" + columns, "-y", "" + rows);
    }

    /// The java that runs in the window.
    ProcessHandle program() throws Exception {
        long shell = Long.parseLong(
                tmux("display-message", "-p", "-t", "t", "#{pane_pid}").strip());
        return ProcessHandle.of(shell)
                .orElseThrow()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow();
    }

    /// Closes the window as its operator would; the server goes on.
    void closeWindow() throws Exception {
        tmux("new-session", "-d", "-s", "other", "sh");
        tmux("kill-pane", "-t", "t");
    }

    String text() throws Exception {
        return tmux("capture-pane", "-p", "-J", "-t", "t").stripTrailing();
    }

    /// Everything that was sent to the terminal, as it was.
    String raw() throws IOException {
        return Files.readString(raw, StandardCharsets.ISO_8859_1);
    }

    /// Waits until the screen shows `pattern`, a regular expression for a part of it.
    TmuxScreen await(String pattern) throws Exception {
        Pattern wanted = Pattern.compile(pattern, Pattern.MULTILINE);
        Instant end = Instant.now().plus(DEADLINE);
        while (!wanted.matcher(text()).find()) {
            if (Instant.now().isAfter(end)) {
                fail("the terminal never showed /%s/ but:\n%s", pattern, text());
            }
            Thread.sleep(40);
        }
        return this;
    }

    /// Presses Tab until the screen shows `pattern`: a name that does not come in 200 ms is there at the next Tab.
    TmuxScreen complete(String pattern) throws Exception {
        Pattern wanted = Pattern.compile(pattern, Pattern.MULTILINE);
        Instant end = Instant.now().plus(DEADLINE);
        while (!wanted.matcher(text()).find()) {
            if (Instant.now().isAfter(end)) {
                fail("Tab never made the terminal show /%s/ but:\n%s", pattern, text());
            }
            keys("Tab");
            Instant look = Instant.now().plusMillis(800);
            while (Instant.now().isBefore(look) && !wanted.matcher(text()).find()) {
                Thread.sleep(40);
            }
        }
        return this;
    }

    /// Ctrl-D at a prompt; one that comes while a command still runs would be the terminal's own, and lost.
    ///
    /// @return the exit code
    int leave() throws Exception {
        await(">\\z");
        keys("C-d");
        return awaitEnd();
    }

    /// Waits until the program has ended; tmux itself does not always hear of the exit code.
    ///
    /// @return its exit code
    int awaitEnd() throws Exception {
        Instant end = Instant.now().plus(DEADLINE);
        while (!Files.exists(status)) {
            if (Instant.now().isAfter(end)) {
                fail("the program did not end:\n%s", text());
            }
            Thread.sleep(40);
        }
        return Integer.parseInt(Files.readString(status).strip());
    }

    private String tmux(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("tmux", "-L", socket));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("TMUX") || name.startsWith("ETCD"));
        builder.environment().put("TERM", "xterm-256color");
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    @Override
    public void close() throws Exception {
        tmux("kill-server");
    }
}
