package io.etcdmedic.shell;

import io.etcdmedic.failure.Failure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What a command line must not leave behind: the values that it carries.
public final class Confidential {
    /// etcdctl's `put KEY VALUE`, which is no command of ours and typed all the same: the words after the key.
    private static final String PUT = "put";

    /// A password where it should not be: `--user NAME:PASSWORD`, `https://NAME:PASSWORD@HOST`.
    private static final Pattern PASSWORD = Pattern.compile("--user[= ]['\"]?[^ :]*:|://[^/ @]*:[^/ @]*@");

    /// Options whose argument is a value.
    private static final Set<String> VALUE_OPTIONS = Set.of("--value", "--value-hex", "--set", "--password");

    private Confidential() {}

    /// Whether `line` carries a value.
    public static boolean carriesValues(String line) {
        return !withoutValues(line).equals(line);
    }

    /// `line`, or its beginning where it carries a value.
    static String withoutValues(String line) {
        List<String> words = words(line);
        boolean option = words.stream()
                .anyMatch(word ->
                        VALUE_OPTIONS.contains(word.contains("=") ? word.substring(0, word.indexOf('=')) : word));
        List<String> plain =
                words.stream().filter(word -> !word.startsWith("-")).toList();
        int put = plain.indexOf(PUT);
        int before = put < 0 ? Integer.MAX_VALUE : put + 2;
        boolean password = PASSWORD.matcher(String.join(" ", words)).find();
        if (!option && !password && plain.size() <= before) {
            return line;
        }
        // What follows an option may be its value.
        List<String> command = words.stream()
                .takeWhile(
                        word -> !word.startsWith("-") && !PASSWORD.matcher(word).find())
                .limit(2)
                .toList();
        return (String.join(" ", command) + " (values left out)").strip();
    }

    private static List<String> words(String line) {
        try {
            return Splitter.split(line.replace("$", "\\$"), Map.of()).words();
        } catch (Failure.Usage notALine) {
            return List.of(line.strip().split("\\s+"));
        }
    }
}
