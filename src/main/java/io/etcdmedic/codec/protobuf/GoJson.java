package io.etcdmedic.codec.protobuf;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// JSON the way Go's encoder writes it: `<`, `>`, `&`, U+2028 and U+2029 escaped. They stand in text only, so
/// the bytes of finished JSON can be replaced.
///
/// Source: Go encoding/json, SetEscapeHTML.
public final class GoJson {
    private GoJson() {}

    public static Bytes bytes(Document document) {
        Bytes plain = Json.compactBytes(document);
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length() + 16);
        for (int i = 0; i < plain.length(); i++) {
            byte b = plain.at(i);
            if (b == '<' || b == '>' || b == '&') {
                escape(b, out);
            } else if (isSeparator(plain, i)) {
                escape(0x2000 | plain.at(i + 2) & 0x3f, out);
                i += 2;
            } else {
                out.write(b);
            }
        }
        return Bytes.owned(out.toByteArray());
    }

    /// E2 80 A8 and E2 80 A9 are U+2028 and U+2029 in UTF-8.
    private static boolean isSeparator(Bytes utf8, int at) {
        return utf8.at(at) == (byte) 0xE2
                && at + 2 < utf8.length()
                && utf8.at(at + 1) == (byte) 0x80
                && (utf8.at(at + 2) & 0xFE) == 0xA8;
    }

    private static void escape(int character, ByteArrayOutputStream out) {
        out.writeBytes(String.format("\\u%04x", character).getBytes(StandardCharsets.US_ASCII));
    }
}
