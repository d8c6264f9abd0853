package io.etcdmedic.resource;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.resource.JsonPath.Comparison;
import io.etcdmedic.resource.JsonPath.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a JSONPath, character by character.
final class JsonPathReader {
    private static final Map<String, Comparison> COMPARISONS = Map.of(
            "==", Comparison.EQUAL,
            "!=", Comparison.NOT_EQUAL,
            "<=", Comparison.LESS_OR_EQUAL,
            ">=", Comparison.GREATER_OR_EQUAL,
            "<", Comparison.LESS,
            ">", Comparison.GREATER);
    private final String whole;
    private final String text;
    private int at;

    JsonPathReader(String whole) {
        this.whole = whole;
        String bare = whole.strip();
        if (bare.startsWith("{") && bare.endsWith("}")) {
            bare = bare.substring(1, bare.length() - 1).strip();
        }
        this.text = bare.startsWith("$") || bare.startsWith("@") ? bare.substring(1) : bare;
    }

    JsonPath read() {
        List<Step> steps = new ArrayList<>();
        if (text.isEmpty()) {
            throw wrong("nothing");
        }
        if (text.charAt(0) != '.' && text.charAt(0) != '[') {
            steps.add(new Step.Field(name()));
        }
        while (at < text.length()) {
            if (text.startsWith("..", at)) {
                at += 2;
                steps.add(new Step.Anywhere(name()));
            } else if (text.charAt(at) == '.') {
                at++;
                if (at < text.length() && text.charAt(at) != '[') {
                    steps.add(star() ? new Step.Every() : new Step.Field(name()));
                }
            } else if (text.charAt(at) == '[') {
                at++;
                steps.add(bracket());
            } else {
                throw wrong("'" + text.charAt(at) + "' at " + at);
            }
        }
        return new JsonPath(whole, steps);
    }

    private boolean star() {
        boolean star = text.charAt(at) == '*';
        at += star ? 1 : 0;
        return star;
    }

    /// A field's name up to the next dot or bracket; a backslash keeps the character behind it.
    private String name() {
        StringBuilder name = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '.' && text.charAt(at) != '[') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            name.append(text.charAt(at++));
        }
        if (name.isEmpty()) {
            throw wrong("no name at " + at);
        }
        return name.toString();
    }

    private Step bracket() {
        int end = closing();
        String inside = text.substring(at, end).strip();
        at = end + 1;
        if (inside.equals("*")) {
            return new Step.Every();
        }
        if (inside.startsWith("?(") && inside.endsWith(")")) {
            return where(inside.substring(2, inside.length() - 1).strip());
        }
        Optional<String> quoted = quoted(inside);
        if (quoted.isPresent()) {
            return new Step.Field(quoted.get());
        }
        if (inside.matches("-?[0-9]{1,9}")) {
            return new Step.Index(Integer.parseInt(inside));
        }
        throw wrong("[" + inside + "]");
    }

    /// The index of the bracket that closes the one before `at`, quotes respected.
    private int closing() {
        int depth = 1;
        char quote = 0;
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '[') {
                depth++;
            } else if (c == ']' && --depth == 0) {
                return i;
            }
        }
        throw wrong("a bracket that does not end");
    }

    private Step where(String condition) {
        for (int i = 0; i < condition.length(); i++) {
            for (String operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
                if (condition.startsWith(operator, i)) {
                    String right = condition.substring(i + operator.length()).strip();
                    return new Step.Where(
                            JsonPath.parse(condition.substring(0, i).strip()),
                            java.util.Objects.requireNonNull(COMPARISONS.get(operator)),
                            Optional.of(quoted(right).orElse(right)));
                }
            }
        }
        return new Step.Where(JsonPath.parse(condition), Comparison.EXISTS, Optional.empty());
    }

    private static Optional<String> quoted(String word) {
        boolean quoted = word.length() >= 2
                && (word.charAt(0) == '\'' || word.charAt(0) == '"')
                && word.charAt(word.length() - 1) == word.charAt(0);
        return quoted ? Optional.of(word.substring(1, word.length() - 1)) : Optional.empty();
    }

    private Failure wrong(String found) {
        return new Failure.Usage(Problem.in("reading the JSONPath '" + whole + "'")
                .found(found)
                .expected("a path, as in .spec.replicas or .status.conditions[?(@.type==\"Ready\")].status"));
    }
}
