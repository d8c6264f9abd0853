package io.etcdmedic.node.nix.literal;

/// A place in a text: characters, words and symbols ahead of it, comments passed over.
final class Scanner {
    private final String text;
    private int at;
    private int countedTo;
    private int counted = 1;

    Scanner(String text) {
        this.text = text;
    }

    /// Counted from where it was counted last, so that a large file stays cheap.
    int line() {
        int end = Math.min(at, text.length());
        for (; countedTo < end; countedTo++) {
            counted += text.charAt(countedTo) == '\n' ? 1 : 0;
        }
        for (; countedTo > end; countedTo--) {
            counted -= text.charAt(countedTo - 1) == '\n' ? 1 : 0;
        }
        return counted;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    int position() {
        return at;
    }

    void back(int position) {
        at = position;
    }

    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
    }

    char next() {
        if (atEnd()) {
            throw new SyntaxFault("the file ends in the middle of something", line());
        }
        return text.charAt(at++);
    }

    /// Passes over blanks and comments.
    void blanks() {
        while (!atEnd()) {
            if (Character.isWhitespace(peek()) || peek() == '\ufeff') {
                at++;
            } else if (peek() == '#') {
                while (!atEnd() && peek() != '\n') {
                    at++;
                }
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    throw new SyntaxFault("a comment that does not end", line());
                }
                at = end + 2;
            } else {
                return;
            }
        }
    }

    /// Whether `symbol` is ahead, blanks passed over; takes it when it is.
    boolean take(String symbol) {
        blanks();
        if (text.startsWith(symbol, at)) {
            at += symbol.length();
            return true;
        }
        return false;
    }

    /// Takes the dot of a selection, which is none when a path begins there.
    boolean takeDot() {
        blanks();
        boolean path = peek(1) == '/' || peek(1) == '.' && peek(2) == '/';
        return peek() == '.' && !path && take(".");
    }

    boolean isAhead(String symbol) {
        blanks();
        return text.startsWith(symbol, at);
    }

    void expect(String symbol) {
        if (!take(symbol)) {
            throw new SyntaxFault(
                    "expected '%s', found %s".formatted(symbol, atEnd() ? "the end of the file" : "'" + peek() + "'"),
                    line());
        }
    }

    /// Whether the word is ahead as a whole; takes it when it is.
    boolean takeWord(String word) {
        blanks();
        if (text.startsWith(word, at) && !isNamePart(peek(word.length()))) {
            at += word.length();
            return true;
        }
        return false;
    }

    boolean isNameAhead() {
        blanks();
        return isNameStart(peek());
    }

    /// An identifier; it must be ahead.
    String name() {
        blanks();
        if (!isNameStart(peek())) {
            throw new SyntaxFault(
                    "expected a name, found " + (atEnd() ? "the end of the file" : "'" + peek() + "'"), line());
        }
        int from = at;
        while (isNamePart(peek())) {
            at++;
        }
        return text.substring(from, at);
    }

    String takeWhile(java.util.function.IntPredicate test) {
        int from = at;
        while (!atEnd() && test.test(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    static boolean isNameStart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    static boolean isNamePart(char c) {
        return isNameStart(c) || c >= '0' && c <= '9' || c == '\'' || c == '-';
    }

    static boolean isPathPart(int c) {
        return c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '/');
    }
}
