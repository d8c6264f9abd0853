package io.etcdmedic.bytes;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// How bytes and text that somebody else wrote become text that is safe to show, and back.
///
/// A terminal obeys control characters, and bidirectional marks change what a reader believes to see
/// (CVE-2021-25743 was kubectl printing them raw). What is escaped here: C0 and C1 controls, DEL, bidi and
/// zero-width characters, the backslash, and every byte that is not part of valid UTF-8. The form `\xNN`
/// names bytes, so an escaped key can be typed back: [#parse] is the inverse of [#printable].
public final class Escape {
    private Escape() {}

    /// `bytes` as one line of text without anything a terminal would obey.
    public static String printable(Bytes bytes) {
        StringBuilder out = new StringBuilder(bytes.length() + 8);
        int i = 0;
        while (i < bytes.length()) {
            int width = sequenceLength(bytes, i);
            if (width == 0) {
                hexByte(out, bytes.at(i));
                i++;
            } else {
                appendCharacter(out, bytes.slice(i, i + width));
                i += width;
            }
        }
        return out.toString();
    }

    /// `text` with what a terminal would obey made visible; line feed and tab stay.
    public static String multiline(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\t' || !isHostile(c)) {
                out.appendCodePoint(c);
            } else {
                Bytes encoded = Bytes.utf8(Character.toString(c));
                for (int i = 0; i < encoded.length(); i++) {
                    hexByte(out, encoded.at(i));
                }
            }
        });
        return out.toString();
    }

    /// `text` on one line, with what a terminal would obey made visible.
    public static String line(String text) {
        return multiline(text).replace("\n", "\\x0a").replace("\t", "\\x09");
    }

    /// What is said to the operator: as [#multiline], and no line after the first looks like one of ours.
    public static String talk(String text) {
        String shown = multiline(text);
        int end = shown.endsWith("\n") ? shown.length() - 1 : shown.length();
        return shown.substring(0, end).replace("\n", "\n    ") + shown.substring(end);
    }

    /// Reads what [#printable] wrote, and plain text: `\xNN` is a byte, `\\` a backslash.
    ///
    /// @throws IllegalArgumentException when a backslash is followed by anything else
    public static Bytes parse(String text) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '\\') {
                int point = text.codePointAt(i);
                out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(point);
            } else if (text.startsWith("\\\\", i)) {
                out.write('\\');
                i += 2;
            } else if (text.startsWith("\\x", i) && i + 4 <= text.length() && isHex(text, i + 2)) {
                out.write(Integer.parseInt(text, i + 2, i + 4, 16));
                i += 4;
            } else {
                throw new IllegalArgumentException(
                        "a backslash at position " + i + " is followed by neither \\ nor xNN");
            }
        }
        return Bytes.owned(out.toByteArray());
    }

    /// The exact text of `bytes`, or empty when they are not valid UTF-8.
    public static Optional<String> exactUtf8(Bytes bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes.toArray()))
                    .toString());
        } catch (CharacterCodingException malformed) {
            return Optional.empty();
        }
    }

    private static boolean isHex(String text, int at) {
        return Character.digit(text.charAt(at), 16) >= 0 && Character.digit(text.charAt(at + 1), 16) >= 0;
    }

    private static void appendCharacter(StringBuilder out, Bytes encoded) {
        int point = encoded.toUtf8().codePointAt(0);
        if (point == '\\') {
            out.append("\\\\");
        } else if (isHostile(point)) {
            for (int i = 0; i < encoded.length(); i++) {
                hexByte(out, encoded.at(i));
            }
        } else {
            out.appendCodePoint(point);
        }
    }

    private static boolean isHostile(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> isIgnorable(point);
        };
    }

    /// Letters and marks that are shown as nothing at all: two names that differ only in them look alike.
    ///
    /// Source: Unicode 17 DerivedCoreProperties.txt, Default_Ignorable_Code_Point.
    private static boolean isIgnorable(int point) {
        return point == 0x34f
                || point == 0x115f
                || point == 0x1160
                || point == 0x17b4
                || point == 0x17b5
                || point >= 0x180b && point <= 0x180f
                || point == 0x3164
                || point >= 0xfe00 && point <= 0xfe0f
                || point == 0xffa0
                || point >= 0xe0100 && point <= 0xe01ef;
    }

    private static void hexByte(StringBuilder out, byte value) {
        out.append("\\x").append(java.util.HexFormat.of().toHexDigits(value));
    }

    /// The length of the valid UTF-8 sequence at `at`, or 0 when there is none.
    private static int sequenceLength(Bytes bytes, int at) {
        int first = bytes.at(at) & 0xff;
        int width = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (width == 1) {
            return 1;
        }
        if (first < 0xc2 || first > 0xf4 || at + width > bytes.length()) {
            return 0;
        }
        return exactUtf8(bytes.slice(at, at + width)).isPresent() ? width : 0;
    }
}
