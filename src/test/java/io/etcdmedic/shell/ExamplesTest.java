package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.command.Catalog;
import io.etcdmedic.command.Help;
import io.etcdmedic.command.Prompt;
import io.etcdmedic.command.Ran;
import io.etcdmedic.command.SharedOptions;
import io.etcdmedic.command.Surroundings;
import io.etcdmedic.installation.Installation;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Outlet;
import io.etcdmedic.repair.Stop;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The examples of `--help` and of the man pages can be typed as they stand; what needs no cluster and no node
/// answers.
class ExamplesTest {
    private static final Path SNAPSHOT = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private static final Map<String, String> VARIABLES = Map.of("hex", "00", "NS", "shop");

    /// What the example runs on is a cluster, a node, a journal, a terminal, or a file of the operator's own.
    private static final Pattern ELSEWHERE = Pattern.compile(
            "^(node|journal|fix namespace|profile|watch|shell|demo|run|undo|edit|put|plan|snapshot save|backup create|man"
                    + "|undelete svc|(delete|restore|fix)(?!.*--dry-run))\\b|--(endpoints|members|with-live|plan|out-dir|encryption-config)"
                    + "|--kubeconfig|[>|]|/var/|\\*\\.(pb|json)|secret\\.bin|damaged\\.pb");

    @TempDir
    private static Path folder;

    static List<Catalog.Row> rows() {
        return ShellCommands.all().rows();
    }

    @BeforeAll
    static void filesThatExamplesName() throws Exception {
        for (String name : List.of("snap.db", "old.db", "new.db", "damaged.db")) {
            Files.copy(SNAPSHOT, folder.resolve(name));
        }
        for (String name : List.of("all.tar.gz", "shop.tar.gz")) {
            Ran kept = Ran.of("backup", "create", file(name), "--snapshot", file("snap.db"));
            assertThat(kept.status()).as(kept.stderr()).isZero();
        }
        Ran web = Ran.of("get", "svc/web", "-n", "shop", "-o", "raw", "--snapshot", file("snap.db"));
        Files.write(folder.resolve("pod.pb"), web.stdout().toArray());
        for (String name : List.of("pod.yaml", "widget.yaml")) {
            Files.writeString(folder.resolve(name), "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n");
        }
    }

    private static String file(String name) {
        return folder.resolve(name).toString();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eachCanBeTyped(Catalog.Row row) {
        List<String> examples = examples(row);
        assertThat(examples).isNotEmpty().anyMatch(line -> line.startsWith(row.words()));
        try (Interpreter interpreter = interpreter(new ByteArrayOutputStream())) {
            examples.forEach(interpreter::check);
        }
    }

    @Test
    void whatNeedsNoClusterAnswers() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int ran = 0;
        try (Interpreter interpreter = interpreter(said)) {
            for (String line :
                    rows().stream().flatMap(row -> examples(row).stream()).toList()) {
                if (!ELSEWHERE.matcher(line).find()) {
                    said.reset();
                    Interpreter.Ended ended = interpreter.run(withFiles(line), "");
                    assertThat(ended.code().status())
                            .as("%s: %s", line, said.toString(StandardCharsets.UTF_8))
                            .isIn(line.startsWith("snapshot salvage") ? List.of(5) : List.of(0, 1));
                    ran++;
                }
            }
        }
        assertThat(ran).isGreaterThan(60);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void manPagesHaveThemToo(Catalog.Row row) {
        Ran page = Ran.of(
                Stream.concat(Stream.of("man"), row.path().stream()).toList().toArray(String[]::new));
        assertThat(page.status()).as(page.stderr()).isZero();
        String plain = page.text().replace("\\-", "-").replace("\\e", "\\").replace("\\&", "");
        assertThat(plain).contains(".SH EXAMPLES\n");
        for (String line : helpLines(row)) {
            assertThat(plain).contains(line.strip().split("\\s{2,}", 2)[0]);
        }
    }

    /// The command lines among a command's examples, without `medic`, and without what explains them.
    private static List<String> examples(Catalog.Row row) {
        return helpLines(row).stream()
                .map(ExamplesTest::commandOf)
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static List<String> helpLines(Catalog.Row row) {
        String help = new Help(ShellCommands.all(), "medic ").command(row).replace("\\\n", "");
        return help.substring(help.indexOf("\nExamples:\n"))
                .lines()
                .filter(line -> line.startsWith("  medic "))
                .toList();
    }

    private static String commandOf(String line) {
        Matcher matcher = Pattern.compile("(?:'[^']*'|\"[^\"]*\"|\\S| (?! ))+")
                .matcher(line.strip().substring("medic ".length()).replaceAll("\\s+(?=--cacert)", " "));
        String words = matcher.find() ? matcher.group() : "";
        return words.replaceAll("\\s*<\\s*\\S+$|\\s*…$", "");
    }

    /// The same with the files of the folder in place of their names.
    private static String withFiles(String line) {
        return Stream.of(line.split(" ", -1))
                .map(word -> Files.exists(folder.resolve(word)) && !word.isEmpty() ? file(word) : word)
                .collect(Collectors.joining(" "));
    }

    private static Interpreter interpreter(ByteArrayOutputStream said) {
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new Outlet(said),
                new PrintStream(said, true, StandardCharsets.UTF_8),
                false,
                false,
                false);
        Surroundings nobody = new Surroundings(
                console,
                Clock.fixed(Instant.parse("2026-12-01T12:00:00Z"), ZoneOffset.UTC),
                Map.of(),
                Prompt.NOBODY,
                Stop.NEVER,
                Installation::nothing);
        SharedOptions options =
                new SharedOptions().withSnapshot(folder.resolve("snap.db")).withState(folder.resolve("state"));
        return new Interpreter(nobody, options, io.etcdmedic.command.Session::new, VARIABLES, "medic ");
    }
}
