package io.etcdmedic.codec.protobuf;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.document.JsonOutput;
import io.etcdmedic.wire.WireReader;
import io.etcdmedic.wire.WireWriter;
import java.util.Arrays;

/// The fields of a message that the schema does not know, kept under their numbers so that nothing is lost.
///
/// Shape: `"$unknown": {"99": [{"varint": 7}, {"text": "a"}, {"bytes": "AA=="}, {"fixed32": 1}, {"fixed64": 1},
/// {"group": "CAE="}]}`; base64 for bytes and for a group's fields. More than [#SINGLY_MAX] in one message
/// stand as one base64 text, all of them as on the wire, in order of their numbers.
final class UnknownFields {
    static final int SINGLY_MAX = 1000;

    private UnknownFields() {}

    /// @param in at the end of a message that began at the index `start`
    static void write(Shape shape, WireReader in, int start, JsonOutput out) {
        Spans spans = Spans.of(in, start, number -> shape.slot(number) == null);
        out.key(Reserved.UNKNOWN);
        if (spans.count() > SINGLY_MAX) {
            Bytes all = together(spans, in);
            out.base64(all.sharedArray(), all.arrayOffset(), all.length());
            return;
        }
        out.beginMapping();
        int number = 0;
        for (int i = 0; i < spans.count(); i++) {
            if (spans.number(i) != number) {
                if (number != 0) {
                    out.endSequence();
                }
                number = spans.number(i);
                out.key(Integer.toString(number));
                out.beginSequence();
            }
            WireReader field = new WireReader(in.array(), spans.position(i), in.limit() - spans.position(i));
            out.beginMapping();
            value(field, out);
            out.endMapping();
        }
        out.endSequence();
        out.endMapping();
    }

    private static Bytes together(Spans spans, WireReader in) {
        WireWriter all = new WireWriter(spans.count() * 4);
        WireReader field = new WireReader(in.array(), 0, 0);
        for (int i = spans.count() - 1; i >= 0; i--) {
            int from = spans.position(i);
            field.reset(in.array(), from, in.limit() - from);
            field.skip(field.tag());
            all.raw(in.array(), from, field.position() - from);
        }
        return all.toBytes();
    }

    private static void value(WireReader field, JsonOutput out) {
        int tag = field.tag();
        switch (WireReader.type(tag)) {
            case WireReader.VARINT -> {
                out.key("varint");
                out.lexeme(Long.toUnsignedString(field.varint()));
            }
            case WireReader.FIXED64 -> {
                out.key("fixed64");
                out.lexeme(Long.toUnsignedString(field.fixed64()));
            }
            case WireReader.FIXED32 -> {
                out.key("fixed32");
                out.whole(field.fixed32() & 0xffff_ffffL);
            }
            case WireReader.LENGTH -> bytes(field.bytes(), out);
            default -> {
                int from = field.position();
                field.skip(tag);
                // The end's tag has as many bytes as the start's, unless somebody wrote it longer than needed.
                int endTag = WireReader.number(tag) << 3 | WireReader.GROUP_END;
                int to = field.position() - tagBytes(endTag);
                out.key("group");
                out.base64(field.array(), from, Math.max(0, to - from));
            }
        }
    }

    private static int tagBytes(int tag) {
        return Math.max(1, (38 - Integer.numberOfLeadingZeros(tag)) / 7);
    }

    private static void bytes(Bytes bytes, JsonOutput out) {
        if (Escape.exactUtf8(bytes).filter(UnknownFields::isPlain).isPresent()) {
            out.key("text");
            out.text(bytes.sharedArray(), bytes.arrayOffset(), bytes.length());
        } else {
            out.key("bytes");
            out.base64(bytes.sharedArray(), bytes.arrayOffset(), bytes.length());
        }
    }

    private static boolean isPlain(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    /// Where fields begin, in order of their numbers, those of one number in order of the wire.
    record Spans(long[] found, int count) {
        /// @param in at the end of a message that began at the index `start`; it ends where it was
        static Spans of(WireReader in, int start, java.util.function.IntPredicate wanted) {
            int end = in.position();
            long[] found = new long[8];
            int count = 0;
            in.seek(start);
            while (in.position() < end) {
                int at = in.position();
                int tag = in.tag();
                in.skip(tag);
                if (wanted.test(WireReader.number(tag))) {
                    if (count == found.length) {
                        found = Arrays.copyOf(found, count * 2);
                    }
                    found[count++] = (long) WireReader.number(tag) << 32 | at;
                }
            }
            Arrays.sort(found, 0, count);
            return new Spans(found, count);
        }

        int number(int index) {
            return (int) (found[index] >>> 32);
        }

        /// As an index of the reader's array.
        int position(int index) {
            return (int) found[index];
        }
    }
}
