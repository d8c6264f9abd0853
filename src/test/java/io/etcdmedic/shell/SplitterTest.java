package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.failure.Failure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How command lines are taken apart.
class SplitterTest {

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            get a b               ~ get|a|b
            get  'a b'\t"c d"     ~ get|a b|c d
            get a' 'b             ~ get|a b
            get '' ""             ~ get||
            get \\x00\\xff        ~ get|\\x00\\xff
            get a\\ b\\'c         ~ get|a b'c
            get "a\\"b\\\\c\\x00" ~ get|a"b\\c\\x00
            get 'a\\x00\\'        ~ get|a\\x00\\
            get a#b # rest        ~ get|a#b
            # all of it           ~ ``
            get $NS/${NS}x '$NS'  ~ get|shop/shopx|$NS
            get \\$NS $ ${ 5$     ~ get|$NS|$|${|5$
            """)
    void words(String line, String words) {
        List<String> expected = words.isEmpty() ? List.of() : List.of(words.split("\\|", -1));
        assertThat(Splitter.split(line.strip(), Map.of("NS", "shop")).words()).isEqualTo(expected);
    }

    @Test
    void targets() {
        assertThat(split("ls | grep -c a | wc -l"))
                .isEqualTo(new TypedLine(
                        List.of("ls"), new TypedLine.Pipe(List.of(List.of("grep", "-c", "a"), List.of("wc", "-l")))));
        assertThat(split("ls >a.txt")).isEqualTo(new TypedLine(List.of("ls"), new TypedLine.File("a.txt", false)));
        assertThat(split("ls>> 'a b'")).isEqualTo(new TypedLine(List.of("ls"), new TypedLine.File("a b", true)));
        assertThat(split("get 'a|b' \"c>d\" e\\|f").target()).isEqualTo(new TypedLine.Here());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            get 'a              ~ a quote (') at character 5 that nothing ends
            get "a              ~ a quote (") at character 5 that nothing ends
            get $UNKNOWN        ~ $UNKNOWN has no value
            ls | | wc           ~ without a command on both sides
            ls |                ~ without a command on both sides
            | wc                ~ without a command on both sides
            ls >                ~ one file after it
            ls > a b            ~ one file after it
            ls | wc > a         ~ both '|' and '>'
            ls > a > b          ~ '>' after '>'
            get a\\             ~ it ends with a backslash
            """)
    void whatCannotBeTakenApart(String line, String complaint) {
        assertThatThrownBy(() -> split(line.strip()))
                .isInstanceOf(Failure.Usage.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void noTextAndNoEnd() {
        assertThatThrownBy(() -> split("get \u001b[31m")).hasMessageContaining("character 5 is U+001B");
        assertThatThrownBy(() -> split("get \ufffd")).hasMessageContaining("this is no text");
        assertThatThrownBy(() -> split("x".repeat(1_000_000)))
                .isInstanceOf(Failure.Usage.class)
                .hasMessageContaining("1000000 characters; expected at most 65536");
    }

    @Test
    void whetherMoreLinesMustFollow() {
        assertThat(List.of("get 'a", "get \"a\\\"", "get a\\", "get 'a\\'b'")).allMatch(Splitter::goesOn);
        assertThat(List.of("get 'a'", "get a\\\\", "get # it's", "", "get \"a'b\""))
                .noneMatch(Splitter::goesOn);
    }

    private static TypedLine split(String line) {
        return Splitter.split(line, Map.of());
    }
}
