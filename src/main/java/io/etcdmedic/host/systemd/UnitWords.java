package io.etcdmedic.host.systemd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The words of a setting: blanks part them, quotes of either kind group, C escapes stand for characters.
///
/// Source: systemd.syntax(7), "Quoting"; systemd.service(5), "Command lines".
public final class UnitWords {
    private static final Pattern ALONE = Pattern.compile("\\$[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern BRACED = Pattern.compile("\\$\\$|\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
    private static final String ESCAPES = "abfnrtvs";
    private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b ";
    private final String text;
    private final boolean escapes;
    private int at;

    private UnitWords(String text, boolean escapes) {
        this.text = text;
        this.escapes = escapes;
    }

    public static List<String> of(String text) {
        return of(new UnitWords(text, true));
    }

    private static List<String> of(UnitWords reader) {
        List<String> words = new ArrayList<>();
        while (reader.skipBlanks()) {
            words.add(reader.word());
        }
        return words;
    }

    /// `$NAME` as a word of its own stands for the words of the variable, `${NAME}` for its value, `$$` for a
    /// dollar.
    static List<String> expanded(List<String> words, Map<String, String> environment) {
        List<String> expanded = new ArrayList<>();
        for (String word : words) {
            if (ALONE.matcher(word).matches()) {
                String value = environment.getOrDefault(word.substring(1), "");
                // In a variable a backslash only takes the next character's meaning away (src/basic/env-util.c).
                expanded.addAll(of(new UnitWords(value, false)));
            } else {
                expanded.add(BRACED.matcher(word)
                        .replaceAll(found -> Matcher.quoteReplacement(Optional.ofNullable(found.group(1))
                                .map(name -> environment.getOrDefault(name, ""))
                                .orElse("$"))));
            }
        }
        return expanded;
    }

    private boolean skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length();
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quote == 0 && Character.isWhitespace(c)) {
                break;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else if (c == '\\' && at + 1 < text.length()) {
                at++;
                if (escapes) {
                    escape(word);
                } else {
                    word.append(text.charAt(at));
                }
            } else {
                word.append(c);
            }
        }
        return word.toString();
    }

    /// At the character after the backslash; ends at the last one of the escape.
    private void escape(StringBuilder word) {
        char c = text.charAt(at);
        int known = ESCAPES.indexOf(c);
        if (known >= 0) {
            word.append(ESCAPED.charAt(known));
        } else if (c == 'x' && isNumber(at + 1, 2, 16)) {
            word.append((char) Integer.parseInt(text.substring(at + 1, at + 3), 16));
            at += 2;
        } else if (c == 'u' && isNumber(at + 1, 4, 16)) {
            word.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
            at += 4;
        } else if (isNumber(at, 3, 8)) {
            word.append((char) Integer.parseInt(text.substring(at, at + 3), 8));
            at += 2;
        } else if (c == '\\' || c == '"' || c == '\'') {
            word.append(c);
        } else {
            word.append('\\').append(c);
        }
    }

    private boolean isNumber(int from, int digits, int radix) {
        if (from + digits > text.length()) {
            return false;
        }
        for (int i = from; i < from + digits; i++) {
            if (Character.digit(text.charAt(i), radix) < 0) {
                return false;
            }
        }
        return true;
    }
}
