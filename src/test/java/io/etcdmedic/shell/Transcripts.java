package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// A session that the README shows, and whether a real one says the same.
///
/// `…` alone stands for lines that are left out, at a line's end for the rest of the line. What differs from one
/// cluster to the next is no difference: ids, ports, revisions, sizes, times, widths.
record Transcripts(List<String> lines) {
    static final Pattern PROMPT = Pattern.compile("^medic [^>]*> (.+)$");
    private static final String LEFT_OUT = "…";

    /// The block that begins with a prompt below the README's line `heading`.
    static Transcripts below(String heading) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        int start = lines.indexOf(heading);
        assertThat(start).as("the README has the line '%s'", heading).isNotNegative();
        List<String> rest = lines.subList(start, lines.size());
        int first = rest.indexOf("```") + 1;
        return new Transcripts(
                rest.subList(first, first + rest.subList(first, rest.size()).indexOf("```")));
    }

    /// The command lines, in order.
    List<String> commands() {
        return lines.stream()
                .flatMap(line -> PROMPT.matcher(line).results())
                .map(found -> found.group(1))
                .toList();
    }

    /// @param said the terminal's lines
    /// @param whole where the whole session lies, for whoever brings the README up to date
    void assertSaidBy(List<String> said, Path whole) {
        int at = 0;
        boolean skipping = true;
        for (String line : lines) {
            if (line.equals(LEFT_OUT)) {
                skipping = true;
                continue;
            }
            int found = at;
            while (skipping && found < said.size() && !same(line, said.get(found))) {
                found++;
            }
            boolean there = found < said.size() && same(line, said.get(found));
            assertThat(there)
                    .as(
                            "the README's session says '%s', a real one '%s'; the whole of it is in %s",
                            line, at < said.size() ? said.get(at) : "nothing more", whole)
                    .isTrue();
            at = found + 1;
            skipping = false;
        }
    }

    private static boolean same(String shown, String said) {
        return shown.endsWith(LEFT_OUT)
                ? plain(said).startsWith(plain(shown.substring(0, shown.length() - 1)))
                : plain(said).equals(plain(shown));
    }

    private static String plain(String line) {
        String text = replaced(line, "\\([^()]*\\) to go on.*", "() to go on");
        text = replaced(text, "^\\[[^\\]]*\\]", "[]");
        text = replaced(text, "^medic [^>]*>", "medic>");
        text = replaced(text, "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z?", "TIME");
        text = replaced(text, "\\b[0-9a-f]{8,64}\\b", "ID");
        text = replaced(text, "(/\\S*)?/state/", "STATE/");
        text = replaced(text, "\\b(pid|revision|version|modified at revision) \\d+", "$1 N");
        text = replaced(text, "\\b\\d+ bytes", "N bytes");
        text = replaced(text, "\\b(\\d+[dhms])+\\b", "AGE");
        text = replaced(text, "-{2,}|─{2,}", "--");
        return replaced(text, "\\s+", " ").strip();
    }

    private static String replaced(String text, String pattern, String by) {
        return Pattern.compile(pattern).matcher(text).replaceAll(by);
    }
}
