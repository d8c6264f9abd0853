package io.etcdmedic.node.runtime;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// TOML as far as containerd's configuration uses it: tables, dotted and quoted keys, strings, numbers, booleans,
/// arrays, inline tables, arrays of tables. Not: dates.
///
/// Source: toml.io v1.0.0.
final class Toml {
    private static final int DEPTH_MAX = 50;
    private final String text;
    private int at;
    private int depth;

    private Toml(String text) {
        this.text = text;
    }

    /// @throws IllegalArgumentException with the line, when it is not TOML or beyond this reader
    static Document read(String text) {
        Toml reader = new Toml(text);
        try {
            return document(reader.whole());
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            long line = text.substring(0, Math.min(reader.at, text.length()))
                            .chars()
                            .filter(c -> c == '\n')
                            .count()
                    + 1;
            String why = e instanceof IndexOutOfBoundsException ? "it ends too early" : String.valueOf(e.getMessage());
            throw new IllegalArgumentException("line " + line + ": " + why, e);
        }
    }

    private Map<String, Object> whole() {
        Map<String, Object> root = new LinkedHashMap<>();
        Map<String, Object> table = root;
        for (blanksAndLines(); at < text.length(); blanksAndLines()) {
            if (text.charAt(at) == '[') {
                boolean oneOfMany = text.startsWith("[[", at);
                at += oneOfMany ? 2 : 1;
                table = oneOfMany ? another(root, keys()) : inside(root, keys());
                expect(']');
                if (oneOfMany) {
                    expect(']');
                }
            } else {
                pair(table);
            }
            blanks();
            comment();
            if (at < text.length() && text.charAt(at) != '\n') {
                throw new IllegalArgumentException("more than one thing on a line");
            }
        }
        return root;
    }

    private void pair(Map<String, Object> table) {
        List<String> keys = keys();
        expect('=');
        blanks();
        inside(table, keys.subList(0, keys.size() - 1)).put(keys.getLast(), value());
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        do {
            blanks();
            char c = text.charAt(at);
            keys.add(c == '"' || c == '\'' ? string() : bare());
            blanks();
        } while (at < text.length() && text.charAt(at) == '.' && at++ >= 0);
        return keys;
    }

    private String bare() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "-_".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (at == start) {
            throw new IllegalArgumentException("a key was expected");
        }
        return text.substring(start, at);
    }

    private Object value() {
        return switch (text.charAt(at)) {
            case '"', '\'' -> new Document.Text(string());
            case '[' -> array();
            case '{' -> inlineTable();
            default -> scalar();
        };
    }

    private Object scalar() {
        int start = at;
        while (at < text.length() && ",]}#\n\r \t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        if (word.equals("true") || word.equals("false")) {
            return Document.Truth.of(word.equals("true"));
        }
        if (word.matches("[+-]?[0-9][0-9_]{0,18}")) {
            return new Document.Whole(Long.parseLong(word.replace("_", "")));
        }
        if (word.isEmpty()) {
            throw new IllegalArgumentException("a value was expected");
        }
        return new Document.Decimal(word);
    }

    private Object array() {
        deeper();
        List<Document> elements = new ArrayList<>();
        at++;
        for (blanksAndLines(); text.charAt(at) != ']'; blanksAndLines()) {
            elements.add(document(value()));
            blanksAndLines();
            if (text.charAt(at) == ',') {
                at++;
            } else if (text.charAt(at) != ']') {
                throw new IllegalArgumentException("a comma or ] was expected");
            }
        }
        at++;
        depth--;
        return new Document.Sequence(elements);
    }

    private Object inlineTable() {
        deeper();
        Map<String, Object> table = new LinkedHashMap<>();
        at++;
        for (blanksAndLines(); text.charAt(at) != '}'; blanksAndLines()) {
            pair(table);
            blanksAndLines();
            if (text.charAt(at) == ',') {
                at++;
            }
        }
        at++;
        depth--;
        return table;
    }

    private void deeper() {
        if (++depth > DEPTH_MAX) {
            throw new IllegalArgumentException("nested more than " + DEPTH_MAX + " deep");
        }
    }

    private String string() {
        char quote = text.charAt(at);
        String triple = String.valueOf(quote).repeat(3);
        boolean multiline = text.startsWith(triple, at);
        String end = multiline ? triple : String.valueOf(quote);
        at += end.length();
        StringBuilder value = new StringBuilder();
        while (!text.startsWith(end, at)) {
            char c = text.charAt(at++);
            if (c == '\n' && !multiline) {
                throw new IllegalArgumentException("a string does not end on its line");
            }
            value.append(c == '\\' && quote == '"' ? escaped(text.charAt(at++)) : String.valueOf(c));
        }
        at += end.length();
        return value.toString();
    }

    private String escaped(char c) {
        return switch (c) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'u', 'U' -> {
                int digits = c == 'u' ? 4 : 8;
                int code = Integer.parseInt(text.substring(at, at + digits), 16);
                at += digits;
                yield Character.isValidCodePoint(code) ? Character.toString(code) : "\uFFFD";
            }
            default -> String.valueOf(c);
        };
    }

    /// The table at `keys`; of an array of tables the last one.
    private static Map<String, Object> inside(Map<String, Object> table, List<String> keys) {
        Map<String, Object> found = table;
        for (String key : keys) {
            Object next = found.computeIfAbsent(key, _ -> new LinkedHashMap<String, Object>());
            found = asTable(key, next instanceof List<?> many && !many.isEmpty() ? many.getLast() : next);
        }
        return found;
    }

    /// A new table at the end of the array of tables at `keys`.
    @SuppressWarnings("unchecked")
    private static Map<String, Object> another(Map<String, Object> root, List<String> keys) {
        Map<String, Object> added = new LinkedHashMap<>();
        Object many = inside(root, keys.subList(0, keys.size() - 1))
                .computeIfAbsent(keys.getLast(), _ -> new ArrayList<Map<String, Object>>());
        if (!(many instanceof List)) {
            throw new IllegalArgumentException(keys.getLast() + " is no array of tables");
        }
        ((List<Object>) many).add(added);
        return added;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asTable(String key, Object value) {
        if (!(value instanceof Map)) {
            throw new IllegalArgumentException(key + " is a value and a table");
        }
        return (Map<String, Object>) value;
    }

    private static Document document(Object value) {
        if (value instanceof Document document) {
            return document;
        }
        if (value instanceof List<?> many) {
            return new Document.Sequence(many.stream().map(Toml::document).toList());
        }
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((key, inner) -> fields.put(String.valueOf(key), document(inner)));
        return new Mapping(fields);
    }

    private void expect(char wanted) {
        blanks();
        if (text.charAt(at) != wanted) {
            throw new IllegalArgumentException("'" + wanted + "' was expected");
        }
        at++;
    }

    private void blanks() {
        while (at < text.length() && " \t\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void comment() {
        if (at < text.length() && text.charAt(at) == '#') {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end;
        }
    }

    private void blanksAndLines() {
        int before;
        do {
            before = at;
            blanks();
            comment();
            if (at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
        } while (at > before);
    }
}
