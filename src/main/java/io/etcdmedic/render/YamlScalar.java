package io.etcdmedic.render;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// One text as kubectl writes it in YAML: plain where nothing can take it for anything else, several lines as a literal
/// block, quoted otherwise.
///
/// Source: go.yaml.in/yaml/v2 encode.go (stringv), resolve.go and emitterc.go (analyze_scalar), which kubectl prints
/// with. Long lines are not folded.
final class YamlScalar {
    private static final Set<String> WORDS = Set.of(
            "y", "yes", "on", "n", "no", "off", "true", "false", "~", "null", "<<", ".nan", ".inf", "+.inf", "-.inf");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern WHOLE = Pattern.compile("[-+]?(0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|[0-9]+)");
    private static final Pattern BASE_60 = Pattern.compile("[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?");
    private static final Pattern TIMESTAMP = Pattern.compile(
            "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})?)?");
    private static final String INDICATORS_AT_START = "#,[]{}&*!|>'\"%@`";

    private final String text;
    private boolean indicators;
    private boolean special;
    private boolean breaks;
    private boolean spaceBeforeBreak;
    private boolean spaceAfterBreak;

    private YamlScalar(String text) {
        this.text = text;
        analyze();
    }

    /// A field's name, or an element on its own line.
    static String key(String text) {
        YamlScalar scalar = new YamlScalar(text);
        return text.isEmpty() ? "\"\"" : scalar.breaks ? scalar.doubleQuoted() : scalar.flow();
    }

    /// @param indent of the lines of a literal block
    static String value(String text, String indent) {
        YamlScalar scalar = new YamlScalar(text);
        return scalar.isLiteral() ? scalar.literal(indent) : text.isEmpty() ? "\"\"" : scalar.flow();
    }

    private boolean isLiteral() {
        return breaks && !special && !spaceBeforeBreak && !text.endsWith(" ");
    }

    private String flow() {
        if (means(text) || breaks) {
            return doubleQuoted();
        }
        boolean edges = text.startsWith(" ") || text.endsWith(" ");
        if (special || spaceBeforeBreak) {
            return doubleQuoted();
        }
        if (indicators || edges) {
            return spaceAfterBreak ? doubleQuoted() : "'" + text.replace("'", "''") + "'";
        }
        return text;
    }

    /// Whether a reader would take the plain text for something else than text.
    private static boolean means(String text) {
        String plain = text.replace("_", "");
        return WORDS.contains(text.toLowerCase(Locale.ROOT))
                || FLOAT.matcher(plain).matches()
                || WHOLE.matcher(plain).matches()
                || BASE_60.matcher(text).matches()
                || TIMESTAMP.matcher(text).matches();
    }

    private void analyze() {
        indicators = text.startsWith("---") || text.startsWith("...");
        boolean afterBlank = true;
        boolean afterSpace = false;
        boolean afterBreak = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            boolean beforeBlank = next >= text.length() || " \t\n\r\u0085\u2028\u2029".indexOf(text.charAt(next)) >= 0;
            indicators |= isIndicator(c, i == 0, afterBlank, beforeBlank);
            boolean isBreak = "\n\r\u0085\u2028\u2029".indexOf(c) >= 0;
            special |= !isPrintable(c) || isBreak && c != '\n';
            breaks |= isBreak;
            spaceAfterBreak |= c == ' ' && afterBreak;
            spaceBeforeBreak |= isBreak && afterSpace;
            afterSpace = c == ' ';
            afterBreak = isBreak;
            afterBlank = c == ' ' || c == '\t' || isBreak;
            i = next;
        }
    }

    private static boolean isIndicator(int c, boolean first, boolean afterBlank, boolean beforeBlank) {
        if (first && INDICATORS_AT_START.indexOf(c) >= 0) {
            return true;
        }
        return switch (c) {
            case '?', '-' -> first && beforeBlank;
            case ':' -> beforeBlank;
            case '#' -> afterBlank;
            default -> false;
        };
    }

    private static boolean isPrintable(int c) {
        return c == '\n'
                || c >= 0x20 && c <= 0x7e
                || c >= 0xa0 && c <= 0xd7ff
                || c >= 0xe000 && c <= 0xfffd && c != 0xfeff
                || c >= 0x10000 && c <= 0x10ffff;
    }

    private String literal(String indent) {
        String hint = text.startsWith(" ") || text.startsWith("\n") ? "2" : "";
        String chomping = !text.endsWith("\n") ? "-" : text.equals("\n") || text.endsWith("\n\n") ? "+" : "";
        StringBuilder out = new StringBuilder("|").append(hint).append(chomping);
        String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        for (String line : body.split("\n", -1)) {
            out.append('\n').append(line.isEmpty() ? "" : indent).append(line);
        }
        return out.toString();
    }

    private String doubleQuoted() {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case 0 -> out.append("\\0");
                case 7 -> out.append("\\a");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case 0xb -> out.append("\\v");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                case 0x1b -> out.append("\\e");
                case 0x85 -> out.append("\\N");
                case 0x2028 -> out.append("\\u2028");
                case 0x2029 -> out.append("\\u2029");
                default -> {
                    if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(
                                c < 0x100
                                        ? "\\x%02X".formatted(c)
                                        : c < 0x10000 ? "\\u%04X".formatted(c) : "\\U%08X".formatted(c));
                    }
                }
            }
        });
        return out.append('"').toString();
    }
}
