package io.etcdmedic.shell;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes a command line apart, much as a POSIX shell would, and starts nothing.
///
/// `'…'` is taken as it is; in `"…"` a backslash takes the meaning from `"`, `\` and `$`; elsewhere from a space, a
/// quote, and `\ $ # | >`. Before any other character a backslash stays, so that `\x00` reaches a command. `#`
/// begins a comment where a word could begin; `$NAME` and `${NAME}` are variables; `| PROGRAM ARGUMENTS` and `>
/// FILE` say where the answer goes. There is no expansion of file names, no `;`, no `&`.
public final class Splitter {
    /// A longer line is a paste gone wrong: values that long come in files.
    public static final int CHARACTERS_MAX = 65_536;

    private static final String SPECIAL = " \t\n'\"\\$#|>";
    private final String text;
    private final Map<String, String> variables;
    private final List<List<String>> commands = new ArrayList<>();
    private List<String> words = new ArrayList<>();
    private StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;
    private Optional<Boolean> append = Optional.empty();
    private int wordsBeforeFile;

    private Splitter(String text, Map<String, String> variables) {
        this.text = text;
        this.variables = variables;
    }

    /// @param variables what `$NAME` stands for
    /// @throws Failure.Usage when the line cannot be taken apart
    public static TypedLine split(String text, Map<String, String> variables) {
        return new Splitter(checked(text), variables).split();
    }

    /// Whether more lines must follow: a quote is open, or a backslash ends the line.
    public static boolean goesOn(String text) {
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'') {
                if (i + 1 == text.length()) {
                    return true;
                }
                i++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '#' && (i == 0 || Character.isWhitespace(text.charAt(i - 1)))) {
                int end = text.indexOf('\n', i);
                i = end < 0 ? text.length() : end;
            }
        }
        return quote != 0;
    }

    /// What stands before a cursor.
    ///
    /// @param words the whole ones, then the one that is being typed, which may be empty
    /// @param start where that one begins
    public record Beginning(List<String> words, int start) {
        public Beginning {
            words = List.copyOf(words);
        }
    }

    /// Takes a line apart that is still being typed: an open quote ends where the text does, variables stay as they
    /// are.
    public static Beginning beginning(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int start = text.length();
        boolean in = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean space = quote == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '|' || c == '>');
            if (space && in) {
                words.add(word.toString());
                word = new StringBuilder();
            }
            if (!space && !in) {
                start = i;
            }
            in = !space;
            boolean escapes = quote == 0 && SPECIAL.indexOf(next(text, i)) >= 0
                    || quote == '"' && "\"\\$".indexOf(next(text, i)) >= 0;
            if (space) {
                continue;
            } else if (c == '\\' && escapes && i + 1 < text.length()) {
                i++;
                word.append(text.charAt(i));
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (quote == c) {
                quote = 0;
            } else {
                word.append(c);
            }
        }
        words.add(word.toString());
        return new Beginning(words, in ? start : text.length());
    }

    private static char next(String text, int i) {
        return i + 1 < text.length() ? text.charAt(i + 1) : '\u0000';
    }

    /// `word` so that [#split] reads it back as it is.
    public static String quoted(String word) {
        boolean plain = !word.isEmpty()
                && word.chars().noneMatch(c -> SPECIAL.indexOf(c) >= 0 && c != '\\')
                && !word.contains("\\\\")
                && !word.endsWith("\\");
        if (plain) {
            return word;
        }
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static String checked(String text) {
        Problem reading = Problem.in("reading the command line");
        if (text.length() > CHARACTERS_MAX) {
            // Of a longer one a script keeps no more.
            boolean whole = text.length() < Script.LINE_BYTES_MAX;
            throw new Failure.Usage(reading.found((whole ? "" : "at least ") + text.length() + " characters")
                    .expected("at most " + CHARACTERS_MAX)
                    .hint("give a long value in a file"));
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\t' && c != '\n' || c == '\u007f' || c == '\ufffd') {
                throw new Failure.Usage(
                        reading.found("character %d is U+%04X: this is no text".formatted(i + 1, (int) c))
                                .expected("UTF-8 without control characters")
                                .hint("write a byte of a key as \\xNN"));
            }
        }
        return text;
    }

    private TypedLine split() {
        while (at < text.length()) {
            step(text.charAt(at));
        }
        endWord();
        return assemble();
    }

    private void step(char c) {
        if (c == '\'') {
            single();
        } else if (c == '"') {
            doubled();
        } else if (c == '\\') {
            backslash();
        } else if (c == '$') {
            variable();
        } else if (c == ' ' || c == '\t' || c == '\n') {
            endWord();
            at++;
        } else if (c == '#' && !inWord) {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end;
        } else if (c == '|' || c == '>') {
            operator(c);
        } else {
            take(c);
        }
    }

    private void take(char c) {
        word.append(c);
        inWord = true;
        at++;
    }

    private void single() {
        int end = text.indexOf('\'', at + 1);
        if (end < 0) {
            throw unended('\'');
        }
        word.append(text, at + 1, end);
        inWord = true;
        at = end + 1;
    }

    private void doubled() {
        int start = at;
        at++;
        inWord = true;
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length() && "\"\\$".indexOf(text.charAt(at + 1)) >= 0) {
                at++;
                take(text.charAt(at));
            } else if (c == '$') {
                variable();
            } else {
                take(c);
            }
        }
        if (at >= text.length()) {
            at = start;
            throw unended('"');
        }
        at++;
    }

    private void backslash() {
        if (at + 1 >= text.length()) {
            throw new Failure.Usage(Problem.in("reading the command line")
                    .found("it ends with a backslash")
                    .expected("another line after it"));
        }
        char next = text.charAt(at + 1);
        if (next == '\n') {
            at += 2;
        } else if (SPECIAL.indexOf(next) >= 0) {
            at++;
            take(next);
        } else {
            take('\\');
        }
    }

    private void variable() {
        boolean braced = at + 1 < text.length() && text.charAt(at + 1) == '{';
        int start = at + (braced ? 2 : 1);
        int end = start;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        if (end == start || braced && (end >= text.length() || text.charAt(end) != '}')) {
            take('$');
            return;
        }
        String name = text.substring(start, end);
        if (!variables.containsKey(name)) {
            throw new Failure.Usage(Problem.in("reading the command line")
                    .found("$" + name + " has no value")
                    .hint("medic run FILE --set " + name + "=VALUE; a plain dollar sign is written \\$"));
        }
        word.append(variables.get(name));
        inWord = true;
        at = end + (braced ? 1 : 0);
    }

    private void operator(char c) {
        endWord();
        if (append.isPresent()) {
            throw unexpected("'" + c + "' after '>'");
        }
        if (c == '|') {
            commands.add(words);
            words = new ArrayList<>();
            at++;
        } else {
            boolean twice = at + 1 < text.length() && text.charAt(at + 1) == '>';
            append = Optional.of(twice);
            wordsBeforeFile = words.size();
            at += twice ? 2 : 1;
        }
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word = new StringBuilder();
            inWord = false;
        }
    }

    private TypedLine assemble() {
        if (commands.isEmpty() && append.isEmpty()) {
            return new TypedLine(words, new TypedLine.Here());
        }
        if (append.isPresent()) {
            if (!commands.isEmpty()) {
                throw unexpected("both '|' and '>'");
            }
            if (words.size() != wordsBeforeFile + 1 || wordsBeforeFile == 0) {
                throw unexpected(
                        "'" + (append.get() ? ">>" : ">") + "' without a command before it and one file after it");
            }
            return new TypedLine(words.subList(0, wordsBeforeFile), new TypedLine.File(words.getLast(), append.get()));
        }
        commands.add(words);
        if (commands.stream().anyMatch(List::isEmpty)) {
            throw unexpected("'|' without a command on both sides");
        }
        return new TypedLine(commands.getFirst(), new TypedLine.Pipe(commands.subList(1, commands.size())));
    }

    private Failure.Usage unended(char quote) {
        return new Failure.Usage(Problem.in("reading the command line")
                .found("a quote (" + quote + ") at character " + (at + 1) + " that nothing ends")
                .expected("another " + quote + " after it"));
    }

    private static Failure.Usage unexpected(String found) {
        return new Failure.Usage(
                Problem.in("reading the command line").found(found).hint("put it in quotes if it belongs to a word"));
    }
}
