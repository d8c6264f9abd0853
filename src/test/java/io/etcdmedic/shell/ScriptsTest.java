package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Medic;
import io.etcdmedic.command.Prompt;
import io.etcdmedic.command.Ran;
import io.etcdmedic.command.Surroundings;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.installation.Installation;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Outlet;
import io.etcdmedic.repair.Stop;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scripts from files and from standard input: what is wrong with them, where their answers go, what they leave
/// behind.
class ScriptsTest {
    private static final String SNAPSHOT = "src/test/resources/fixtures/kubernetes-1.36/snapshot.db";

    @TempDir
    private Path folder;

    @Test
    void standardInputIsReadLineByLineAndTheWorstCodeCounts() {
        Ran ran = run("get svc/nobody -n shop\npwd\nget nothing-at-all\n", "run", "--keep-going");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.text()).isEqualTo("/\n");
        assertThat(ran.stderr()).contains("medic: stdin:1: ", "medic: stdin:3: ");
        Ran worse = run("get nothing-at-all\nget --no-such-option\npwd\n", "run", "--keep-going");
        assertThat(worse.status()).isEqualTo(2);
        assertThat(worse.text()).isEqualTo("/\n");
        Ran stopped = run("get nothing-at-all\npwd\n", "run", "-");
        assertThat(stopped.text()).isEmpty();
        assertThat(stopped.stderr()).contains("stdin:1 failed: the lines after it were not run");
        assertThat(run("pwd\nexit\npwd\n", "run").text()).isEqualTo("/\n");
        assertThat(run("", "run").status()).isZero();
    }

    @Test
    void windowsEndsLinesItsWayAndBeginsFilesWithAMark() throws IOException {
        Path file = folder.resolve("windows.medic");
        Files.writeString(
                file, "\ufeff# a comment\r\npwd\r\nget kubernetes -o name\\\r\n  -n default\r\n\r\ncd svc\r\npwd");
        Ran ran = run("", "run", file.toString(), "--keep-going");
        assertThat(ran.text()).startsWith("/\n").endsWith("/registry/services/specs\n");
        assertThat(run(Files.readString(file), "run", "--keep-going")).isEqualTo(ranFromStdin(ran, file));
    }

    private static Ran ranFromStdin(Ran ran, Path file) {
        return new Ran(ran.status(), ran.stdout(), ran.stderr().replace(file.toString(), "stdin"));
    }

    @Test
    void whatIsFoundLiesInTheFolder() {
        String everywhere = run("find --name web -o name\n", "run").text();
        assertThat(everywhere).contains("/registry/services/specs/shop/web\n", "/registry/deployments/shop/web\n");
        assertThat(run("cd shop/svc\nfind --name 'we*' -o name\n", "run").text())
                .isEqualTo("/registry/services/specs/shop/web\n");
        assertThat(run("cd shop/svc\nfind --name web -A -o name\n", "run").text())
                .isEqualTo(everywhere);
    }

    /// A file is looked at as a whole before anything of it runs.
    @Test
    void whatIsWrongIsNamedWithItsLineAndNothingRuns() throws IOException {
        byte[] binary = new byte[100_000];
        new Random(5).nextBytes(binary);
        binary[0] = 0;
        String longLine = "pwd\n\nget " + "x".repeat(1_000_000) + "\n";
        Map<String, String> wrong = Map.of(
                longLine,
                ":3: reading the command line: at least 262144 characters; expected at most 65536",
                "pwd\nget 'a\npwd\n",
                ":2: reading the command line: a quote (') at character 5 that nothing ends",
                "pwd\n# fine\nget --nmespace x\n",
                ":3: reading the command line: unknown option '--nmespace'",
                "pwd\nls | | wc\n",
                ":2: reading the command line: '|' without a command on both sides",
                "pwd\nls > a > b\n",
                ":2: reading the command line: ",
                "pwd\nget $NOBODY\n",
                ":2: reading the command line: $NOBODY has no value",
                "pwd\n--output json\n",
                ":2: reading the command line: options and no command",
                "pwd\nget \u0001\n",
                ":2: reading the command line: character 5 is U+0001",
                new String(binary, StandardCharsets.ISO_8859_1),
                ":1: reading the command line: ");
        for (Map.Entry<String, String> script : wrong.entrySet()) {
            Path file = folder.resolve("wrong.medic");
            Files.writeString(file, script.getKey());
            Ran ran = run("", "run", file.toString());
            assertThat(ran.status()).as(script.getValue()).isEqualTo(2);
            assertThat(ran.text()).isEmpty();
            assertThat(ran.stderr())
                    .hasSizeLessThan(1_000)
                    .contains(file + script.getValue(), "no line of the script was run");
        }
    }

    /// Nothing stays of such a line: what it seems to say is said by a command.
    @Test
    void optionsAloneSayWhatToType() {
        Ran ran = run("--output json\n--endpoints http://127.0.0.1:1\n-h\noutput\n", "run", "--keep-going");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.stderr())
                .contains(
                        "hint: output json: every answer in this form from now on\n",
                        "hint: use OPTIONS looks at another");
        assertThat(ran.text()).startsWith("medic looks inside").endsWith("\ndefault\n");
    }

    /// From standard input each of them is one failed line, and the next one runs.
    @Test
    void nothingThatIsTypedEndsIt() {
        String lines = "get \u0000\u0001\u001b[31m\n" + "get " + "x".repeat(1_000_000) + "\nget 'a\npwd\n";
        Ran ran = run(lines, "run", "--keep-going");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.text()).isEqualTo("/\n");
        assertThat(ran.stderr()).contains("stdin:1: ", "stdin:2: ", "stdin:3: ").doesNotContain("\u001b", "a bug");
        byte[] noise = new byte[300_000];
        new Random(6).nextBytes(noise);
        Ran binary = run(Bytes.owned(noise), "run", "--keep-going");
        assertThat(binary.status()).isEqualTo(2);
        assertThat(binary.stderr()).doesNotContain("a bug", "Exception");
    }

    @Test
    void aTranscriptHoldsNoSecret() throws IOException {
        String value = aSecretsValue();
        Path transcript = folder.resolve("incident.log");
        Files.writeString(transcript, "older");
        Ran ran = run(
                "get secrets -A -o json --show-secrets\nget secrets -A -o yaml\nget $T -o name\n"
                        + "status --user root:hunter2\nuse https://root:hunter3@127.0.0.1:1\npwd\n"
                        + "run --set P=hunter4 /dev/null\n",
                "run",
                "--keep-going",
                "--set",
                "T=nobody",
                "--transcript",
                transcript.toString());
        assertThat(ran.text()).contains(value);
        String kept = Files.readString(transcript);
        assertThat(kept)
                .contains(
                        "> get secrets -A -o json --show-secrets\n",
                        "that may show secrets is left out",
                        " bytes, sha256:")
                .contains("> get $T -o name", "> pwd\n/\n", "\n[2]\n")
                .doesNotContain(value, "hunter2", "hunter3", "hunter4", "older");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(transcript)))
                .isEqualTo("rw-------");
        Ran nowhere =
                run("pwd\n", "run", "--transcript", folder.resolve("none/x.log").toString());
        assertThat(nowhere.status()).isEqualTo(3);
        assertThat(nowhere.text()).isEmpty();
    }

    /// A pipe gets what the command says: redacted, or as it is where that was asked for.
    @Test
    void intoAPipe() throws IOException {
        String value = aSecretsValue();
        assertThat(run("get secrets -A -o json | cat\n", "run").text())
                .contains(" bytes, sha256:")
                .doesNotContain(value);
        assertThat(run("get secrets -A -o json --show-secrets | cat | cat\n", "run")
                        .text())
                .contains(value);
        assertThat(run("ls | grep -c nothing-of-the-kind\n", "run").status()).isEqualTo(1);
        Ran failed = run("ls | sh -c 'cat >/dev/null; echo gone >&2; exit 7'\npwd\n", "run");
        assertThat(failed.status()).isEqualTo(3);
        assertThat(failed.stderr()).contains("gone\n", "running sh: it ended with exit code 7", "stdin:1 failed");
        assertThat(failed.text()).isEmpty();
        Ran missing = run("ls | no-such-program\n", "run");
        assertThat(missing.status()).isEqualTo(3);
        assertThat(missing.stderr()).contains("no-such-program", "looked for in PATH");
        assertThat(run("get nothing-at-all | cat\n", "run").status()).isEqualTo(1);
        assertThat(run("ls --all | head -1\n", "run").status()).isZero();
    }

    @Test
    void intoAFile() throws IOException {
        Path file = folder.resolve("a b");
        Files.writeString(file, "older and longer than what comes".repeat(100));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run("pwd > '" + file + "'\npwd >> '" + file + "'\n", "run").status())
                .isZero();
        assertThat(Files.readString(file)).isEqualTo("/\n/\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Ran nowhere = run("pwd > " + folder + "/none/x\n", "run");
        assertThat(nowhere.status()).isEqualTo(3);
        assertThat(nowhere.stderr()).contains("writing " + folder + "/none/x: ");
        assertThat(run("pwd > " + folder + "\n", "run").status()).isEqualTo(2);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(run("pwd > " + link + "\n", "run").stderr()).contains("a symbolic link");
    }

    /// What does not fit into a file is said; a limit on files plays the full disk.
    @Test
    void aFileThatTakesNotAllIsTrouble() throws Exception {
        Path file = folder.resolve("all.jsonl");
        Path direct = folder.resolve("direct.jsonl");
        String medic = Stream.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.etcdmedic.Main")
                .map(word -> "'" + word + "'")
                .reduce("", (line, word) -> line + word + " ");
        String script = "ulimit -f 16; trap '' XFSZ\n"
                + "echo 'get --all -o jsonl > " + file + "' | " + medic + "run --snapshot " + SNAPSHOT + "; echo $?\n"
                + medic + "get --all -o jsonl --snapshot " + SNAPSHOT + " >" + direct + "; echo $?\n";
        Process process = new ProcessBuilder("sh", "-c", script)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines().filter(line -> line.matches("medic: (stdin:1: )?writing .*: File too large")))
                .hasSize(2);
        assertThat(said.lines().filter("3"::equals)).hasSize(2);
    }

    private static String aSecretsValue() {
        Document all =
                Json.read(run("get secrets -A -o json --show-secrets\n", "run").stdout());
        return Json.compact(all).replaceAll("(?s).*?\"data\":\\{\"[^\"]+\":\"([^\"]{16,})\".*", "$1");
    }

    private static Ran run(String stdin, String... words) {
        return run(Bytes.utf8(stdin), words);
    }

    private static Ran run(Bytes stdin, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(stdin.toArray()),
                new Outlet(out),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false);
        Surroundings nobody = new Surroundings(
                console, Clock.systemUTC(), System.getenv(), Prompt.NOBODY, Stop.NEVER, Installation::nothing);
        List<String> line = Stream.concat(Stream.of(words), Stream.of("--snapshot", SNAPSHOT))
                .toList();
        int status = new Medic(nobody, ShellCommands.all()).run(line).status();
        console.out().flush();
        return new Ran(status, Bytes.owned(out.toByteArray()), err.toString(StandardCharsets.UTF_8));
    }
}
