package io.etcdmedic.document;

/// JSON text checked and copied as it stands, without a tree in between.
///
/// Source: RFC 8259. The depth is bounded by [Json#DEPTH_MAX]; the checker does not recurse. Not for several
/// threads.
public final class JsonText {
    private static final byte OBJECT = 1;
    private static final byte ARRAY = 2;
    /// The depth at which the fields of an object's `metadata` stand.
    private static final int METADATA_DEPTH = 2;

    private final byte[] open = new byte[Json.DEPTH_MAX + 1];
    private byte[] text = {};
    private int at;
    private int end;
    private boolean spaced;
    private int metadata;

    /// Whether the bytes are one JSON value with nothing but white space around it.
    public boolean isJson(byte[] bytes, int from, int count) {
        text = bytes;
        at = from;
        end = from + count;
        spaced = false;
        metadata = -1;
        return value() && at == end;
    }

    /// Where the top-level `metadata` has its brace in what [#isJson] looked at last, as an index of its
    /// array; -1 when it has none.
    public int metadataBrace() {
        return metadata;
    }

    /// Appends JSON that [#isJson] approved of, white space left out, without a comma behind.
    public void copy(byte[] bytes, int from, int count, JsonOutput out) {
        if (!spaced) {
            out.raw(bytes, from, count);
            return;
        }
        int clean = from;
        boolean quoted = false;
        for (int i = from; i < from + count; i++) {
            byte b = bytes[i];
            if (b == '"') {
                quoted = !quoted;
            } else if (quoted && b == '\\') {
                i++;
            } else if (!quoted && isSpace(b)) {
                out.raw(bytes, clean, i - clean);
                clean = i + 1;
            }
        }
        out.raw(bytes, clean, from + count - clean);
    }

    private boolean value() {
        int depth = 0;
        space();
        while (true) {
            if (at >= end) {
                return false;
            }
            byte b = text[at];
            if (b == '{' || b == '[') {
                if (depth == Json.DEPTH_MAX) {
                    return false;
                }
                open[++depth] = b == '{' ? OBJECT : ARRAY;
                at++;
                space();
                if (at < end && text[at] == (b == '{' ? '}' : ']')) {
                    at++;
                    depth--;
                } else if (b == '[') {
                    continue;
                } else if (name(depth)) {
                    continue;
                } else {
                    return false;
                }
            } else if (!scalar(b)) {
                return false;
            }
            // A value has ended: close what ends with it, and go on to the next value.
            while (true) {
                space();
                if (depth == 0) {
                    return true;
                }
                if (at >= end) {
                    return false;
                }
                byte next = text[at++];
                if (next == ',') {
                    space();
                    if (open[depth] == OBJECT && !name(depth)) {
                        return false;
                    }
                    break;
                }
                if (next != (open[depth] == OBJECT ? '}' : ']')) {
                    return false;
                }
                depth--;
            }
        }
    }

    /// A name and its colon.
    private boolean name(int depth) {
        int from = at;
        if (at >= end || text[at] != '"' || !string()) {
            return false;
        }
        int length = at - from;
        space();
        if (at >= end || text[at] != ':') {
            return false;
        }
        at++;
        space();
        if (depth == METADATA_DEPTH - 1 && length == 10 && isMetadata(from) && at < end && text[at] == '{') {
            metadata = at;
        }
        return true;
    }

    private boolean isMetadata(int quote) {
        return text[quote + 1] == 'm'
                && text[quote + 2] == 'e'
                && text[quote + 3] == 't'
                && text[quote + 4] == 'a'
                && text[quote + 5] == 'd'
                && text[quote + 6] == 'a'
                && text[quote + 7] == 't'
                && text[quote + 8] == 'a';
    }

    private boolean scalar(byte b) {
        return switch (b) {
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    private boolean word(String word) {
        if (end - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (text[at + i] != word.charAt(i)) {
                return false;
            }
        }
        at += word.length();
        return true;
    }

    private boolean string() {
        byte[] bytes = text;
        int to = end;
        int i = at + 1;
        while (i < to) {
            byte b = bytes[i];
            if (b == '"') {
                at = i + 1;
                return true;
            }
            if (b == '\\') {
                i = escape(i + 1);
            } else if (b >= 0x20) {
                i++;
            } else if (b >= 0) {
                return false;
            } else {
                int count = JsonOutput.sequenceLength(bytes, i, to);
                i = count == 0 ? -1 : i + count;
            }
            if (i < 0) {
                return false;
            }
        }
        return false;
    }

    /// The index behind an escape whose backslash stands before `i`, or -1.
    private int escape(int i) {
        if (i >= end) {
            return -1;
        }
        byte b = text[i];
        if (b == 'u') {
            for (int digit = 1; digit <= 4; digit++) {
                if (i + digit >= end || Character.digit(text[i + digit], 16) < 0) {
                    return -1;
                }
            }
            return i + 5;
        }
        return b == '"' || b == '\\' || b == '/' || b == 'b' || b == 'f' || b == 'n' || b == 'r' || b == 't'
                ? i + 1
                : -1;
    }

    private boolean number() {
        if (at < end && text[at] == '-') {
            at++;
        }
        if (at < end && text[at] == '0') {
            at++;
        } else if (!digits()) {
            return false;
        }
        if (at < end && text[at] == '.') {
            at++;
            if (!digits()) {
                return false;
            }
        }
        if (at < end && (text[at] == 'e' || text[at] == 'E')) {
            at++;
            if (at < end && (text[at] == '+' || text[at] == '-')) {
                at++;
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int from = at;
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at > from;
    }

    private void space() {
        while (at < end && isSpace(text[at])) {
            spaced = true;
            at++;
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
