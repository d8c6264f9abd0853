package io.etcdmedic.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// YAML that is made to hang a reader or to fill its memory: a failure that says where, or a document, in 64 MB.
class HostileYamlTest {
    private static final String SEED = "medic.fuzz.seed";
    private static final List<String> PIECES = List.of(
            "a: 1\n",
            "- b\n",
            "&x ",
            "*x",
            "<<: ",
            "? ",
            ": ",
            "- ",
            "{",
            "}",
            "[",
            "]",
            ",",
            "!!str ",
            "!!binary ",
            "|\n  t\n",
            ">-\n  t\n",
            "\t",
            " ",
            "\n",
            "'",
            "\"",
            "\\x41",
            "# c\n",
            "---\n",
            "...\n",
            "%YAML 1.1\n",
            "0x1f",
            "017",
            "1e9",
            ".5",
            "yes",
            "~",
            "\ufeff",
            "\u0000",
            "\u2028",
            "é",
            "\ud83d\ude00");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: &x [1]           | an anchor, line 1
            a: *x               | an alias, line 1
            {a: 1, a: 2}        | the field a twice
            a: 1\\nb: 2\\nb: 3  | the field b twice
            a:\\n\\tb: 1        | cannot start any token
            ? [a]\\n: 1         | a collection as a field's name
            --- a\\n--- b       | a second document
            """)
    void saysWhatAndWhere(String yaml, String complaint) {
        String text = yaml.replace("\\n", "\n").replace("\\t", "\t");
        assertThatThrownBy(() -> read(text)).isInstanceOf(Failure.Corrupt.class).hasMessageContaining(complaint);
    }

    /// Kubernetes' reader merges; ours takes the name as it stands, and brings in nothing from elsewhere.
    @Test
    void aMergeKeyIsAFieldOfThatName() {
        assertThat(read("<<: {a: 1}\nb: 2\n").at("<<", "a")).contains(new Document.Whole(1));
        assertThat(read("!!java.io.File [x]\n")).isEqualTo(Document.Sequence.of(new Document.Text("x")));
    }

    @Test
    void whatIsLargeIsReadOrRefusedAndNothingElse() throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-D" + SEED + "=" + Long.getLong(SEED, System.nanoTime()),
                        "-Dmedic.fuzz.seconds=" + Long.getLong("medic.fuzz.seconds", 3),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Large.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said)
                .contains("digits: a number of 1000000 characters, where 1000 are the most, line 1")
                .contains("line: line 1 has 8000000 characters")
                .contains("value: Mapping", "anchors: an anchor")
                .contains("depth: values nested more than");
    }

    /// Runs in a JVM with little memory: each of them, and then whatever chance makes.
    static final class Large {
        private Large() {}

        public static void main(String[] arguments) {
            look("digits", "9".repeat(1_000_000));
            look("line", "x".repeat(8_000_000));
            look("spaces", " ".repeat(8_000_000));
            look("value", "data: " + "QUJD".repeat(750_000) + "\n");
            look("literal", "a: |\n" + "  xxxxxxxxxxxxxxx\n".repeat(300_000));
            look("depth", "[".repeat(1_000_000));
            look("blocks", "- ".repeat(1_000_000));
            look("fields", "{" + "a: ".repeat(300_000));
            look("anchors", "a: &a [x]\n" + "b: [*a, *a, *a]\n".repeat(1000));
            look("values", "- 1\n".repeat(1_000_000));
            look("tag", "!<" + "x".repeat(500_000) + "> a");
            long seed = Long.getLong(SEED, 1);
            System.out.println("HostileYamlTest: -D" + SEED + "=" + seed);
            Random random = new Random(seed);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("medic.fuzz.seconds", 3));
            while (System.nanoTime() < end) {
                StringBuilder text = new StringBuilder();
                for (int i = random.nextInt(30); i >= 0; i--) {
                    text.append(PIECES.get(random.nextInt(PIECES.size())));
                }
                String answer = answer(text.toString());
                if (answer.isEmpty()) {
                    throw new AssertionError(text);
                }
            }
        }

        private static void look(String name, String text) {
            System.out.println(name + ": " + answer(text));
        }
    }

    private static String answer(String text) {
        try {
            return read(text).getClass().getSimpleName();
        } catch (Failure.Corrupt corrupt) {
            return corrupt.problem().found();
        }
    }

    private static Document read(String text) {
        return YamlReader.read(Bytes.utf8(text), "hostile.yaml");
    }
}
