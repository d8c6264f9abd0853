package io.etcdmedic.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The style guide as a test: lengths, words, and what a source file must not hold.
class TidyTest {
    /// A long line, one of a word or two that ends no sentence, and a line that goes on.
    private static final Pattern ORPHAN = Pattern.compile(
            "(?m)^ *///[^\\n]{60,}\\n *///(?! ?```)[^\\n]{1,20}[^\\n.:;`)\\]]\\n */// ?+(?![@\\n-]|```)[^\\n]+$");

    private static final int FILE_LINES_MAX = 500;
    /// A suite of many rows that share one laboratory may be longer.
    private static final int TEST_LINES_MAX = 700;
    private static final int METHOD_LINES_MAX = 60;
    private static final Pattern EMPTY_NAME = Pattern.compile(
            "^(\\w*(Util|Utils|Helper|Helpers|Manager|Impl|Common|Misc)|(Abstract)?Base[A-Z]\\w*)\\.java$");
    private static final Pattern METHOD_START = Pattern.compile("^    (?! )[^=;/*@]*\\)[^;=]*\\{$");

    @Test
    void filesAreShort() {
        assertThat(sources())
                .allSatisfy(file -> assertThat(lines(file))
                        .as("%s: at most %d lines; split it by idea", file, linesMax(file))
                        .hasSizeLessThanOrEqualTo(linesMax(file)));
    }

    private static int linesMax(Path file) {
        return file.startsWith("src/test") ? TEST_LINES_MAX : FILE_LINES_MAX;
    }

    @Test
    void methodsAreShort() {
        List<String> tooLong = new ArrayList<>();
        for (Path file : mainSources()) {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (METHOD_START.matcher(lines.get(i)).matches()) {
                    int end = i;
                    while (end < lines.size() && !lines.get(end).equals("    }")) {
                        end++;
                    }
                    if (end - i > METHOD_LINES_MAX) {
                        tooLong.add(file + ":" + (i + 1) + " has " + (end - i) + " lines");
                    }
                }
            }
        }
        assertThat(tooLong)
                .as("methods of more than " + METHOD_LINES_MAX + " lines")
                .isEmpty();
    }

    @Test
    void namesSaySomething() {
        assertThat(sources())
                .allSatisfy(file -> assertThat(file.getFileName().toString())
                        .as("%s: put the function on the type it reads, or find the missing noun", file)
                        .doesNotMatch(EMPTY_NAME));
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(mainSources())
                .allSatisfy(file -> assertThat(file.resolveSibling("package-info.java"))
                        .as("the package-info.java beside %s", file)
                        .exists());
    }

    @Test
    void onlyMainAndRenderKnowTheStandardStreams() {
        Pattern streams = Pattern.compile("System\\.(out|err|in)\\b|printStackTrace");
        assertThat(mainSources())
                .filteredOn(file -> !file.endsWith("Main.java"))
                .allSatisfy(file -> assertThat(String.join("\n", lines(file)))
                        .as("%s: streams are handed in, Main opens them", file)
                        .doesNotContainPattern(streams));
    }

    /// The formatter breaks a docstring's line that is too long, and leaves its last words on a line of their own.
    @Test
    void noDocstringIsBrokenInTheMiddle() {
        assertThat(sources())
                .allSatisfy(file -> assertThat(ORPHAN.matcher(String.join("\n", lines(file)))
                                .results()
                                .map(MatchResult::group)
                                .toList())
                        .as("%s: wrap the paragraph anew, a little narrower", file)
                        .isEmpty());
    }

    private static List<Path> sources() {
        return Stream.concat(mainSources().stream(), javaFiles(Path.of("src/test/java")).stream())
                .toList();
    }

    private static List<Path> mainSources() {
        List<Path> files = javaFiles(Path.of("src/main/java"));
        assertThat(files).as("Java files under src/main/java").isNotEmpty();
        return files;
    }

    private static List<Path> javaFiles(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(f -> f.toString().endsWith(".java")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
