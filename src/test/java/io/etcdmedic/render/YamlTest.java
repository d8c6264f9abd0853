package io.etcdmedic.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.YamlReader;
import java.util.LinkedHashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Documents as kubectl writes them in YAML.
class YamlTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            10.43.0.0/16                            | 10.43.0.0/16
            64bc1036-05f6-402c-8f41-5d34d2a5bb39    | 64bc1036-05f6-402c-8f41-5d34d2a5bb39
            2026-11-23T17:27:37Z                    | "2026-11-23T17:27:37Z"
            2026-11-23                              | "2026-11-23"
            true                                    | "true"
            On                                      | "On"
            yes please                              | yes please
            null                                    | "null"
            80                                      | "80"
            80%                                     | 80%
            1e3                                     | "1e3"
            0x1f                                    | "0x1f"
            0o17                                    | "0o17"
            1_000                                   | "1_000"
            12:30:45                                | "12:30:45"
            1.2.3                                   | 1.2.3
            v1                                      | v1
            k:{"type":"Ready"}                      | k:{"type":"Ready"}
            a: b                                    | 'a: b'
            a #b                                    | 'a #b'
            - x                                     | '- x'
            -x                                      | -x
            *                                       | '*'
            it's                                    | it's
            'it's'                                  | '''it''s'''
            ☃                                       | ☃
            .                                       | .
            """)
    void textIsQuotedWhenItNeedsTo(String text, String yaml) {
        assertThat(Yaml.of(new Document.Text(text))).isEqualTo(yaml + "\n");
    }

    @Test
    void severalLinesAreABlock() {
        assertThat(field("a\nb\n")).isEqualTo("f: |\n  a\n  b\n");
        assertThat(field("a\nb")).isEqualTo("f: |-\n  a\n  b\n");
        assertThat(field("a\n\n")).isEqualTo("f: |+\n  a\n\n");
        assertThat(field(" a\nb")).isEqualTo("f: |2-\n   a\n  b\n");
        assertThat(field("a \nb")).isEqualTo("f: \"a \\nb\"\n");
        assertThat(field("a\tb")).isEqualTo("f: \"a\\tb\"\n");
        assertThat(field("\u001b[31m")).isEqualTo("f: \"\\e[31m\"\n");
        assertThat(field("")).isEqualTo("f: \"\"\n");
    }

    @Test
    void namesAreInNaturalOrder() {
        LinkedHashMap<String, Document> fields = new LinkedHashMap<>();
        for (String name : new String[] {"f:a10", "f:a2", ".", "b", "B", "f:a"}) {
            fields.put(name, Document.Truth.TRUE);
        }
        assertThat(Yaml.of(new Document.Mapping(fields)))
                .isEqualTo(".: true\nB: true\nb: true\nf:a: true\nf:a2: true\nf:a10: true\n");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet =
                " \t\n\r:#-?'\"\\{}[]&*!|>%@`,~=.0123456789eExXoOnNyYTZ_<\u0085\u2028\u00a0\ufeff☃\ud83d\ude00ab\u0007\u001b";
        int[] characters = alphabet.codePoints().toArray();
        for (int i = 0; i < 4_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                text.appendCodePoint(characters[random.nextInt(characters.length)]);
            }
            Document document = new Document.Mapping(new LinkedHashMap<>(java.util.Map.of(
                    text + "k",
                    Document.Sequence.of(new Document.Text(text.toString())),
                    "v",
                    new Document.Text(text.toString()))));
            String yaml = Yaml.of(document);
            assertThat(YamlReader.read(Bytes.utf8(yaml), "a test"))
                    .as("seed %d, written as %s", seed, yaml)
                    .isEqualTo(document);
        }
    }

    private static String field(String text) {
        return Yaml.of(new Document.Mapping(new LinkedHashMap<>(java.util.Map.of("f", new Document.Text(text)))));
    }
}
