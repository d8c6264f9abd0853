package io.etcdmedic.codec.protobuf;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;
import io.etcdmedic.wire.WireWriter;
import java.util.Map;
import java.util.TreeMap;

/// The fields of a message that the schema does not know, from the form that [UnknownFields] gives them.
final class UnknownBytes {
    private static final String FORM = "\"99\": [{\"varint\": 7}, {\"bytes\": \"AA==\"}], as decode writes it";

    private final TreeMap<Integer, Bytes> fields;

    private UnknownBytes(TreeMap<Integer, Bytes> fields) {
        this.fields = fields;
    }

    static UnknownBytes of(Mapping message) {
        Document unknown = message.fields().getOrDefault(Reserved.UNKNOWN_NAME, Nil.NULL);
        TreeMap<Integer, Bytes> fields = new TreeMap<>();
        try {
            if (unknown instanceof Mapping byNumber) {
                byNumber.fields().forEach((number, values) -> fields.put(number(number), values(number, values)));
            } else if (unknown instanceof Text together) {
                split(ScalarBytes.base64(together.text()), fields);
            } else if (!(unknown instanceof Nil)) {
                throw new Mismatch(ScalarBytes.word(unknown), FORM);
            }
        } catch (Mismatch mismatch) {
            throw mismatch.within(Reserved.UNKNOWN_NAME);
        } catch (WireFault fault) {
            throw new Mismatch(fault.found(), FORM).within(Reserved.UNKNOWN_NAME);
        }
        return new UnknownBytes(fields);
    }

    /// Writes what has a number above `number` and is not written yet.
    void writeAbove(int number, WireWriter out) {
        while (!fields.isEmpty() && fields.lastKey() > number) {
            out.raw(fields.pollLastEntry().getValue());
        }
    }

    private static int number(String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new Mismatch("the field number " + text, FORM);
        }
        return Integer.parseInt(text);
    }

    /// Fields in order of their numbers, as runs of one number.
    private static void split(Bytes all, TreeMap<Integer, Bytes> into) {
        WireReader in = new WireReader(all);
        int run = 0;
        int number = 0;
        while (!in.atEnd()) {
            int from = in.offset();
            int tag = in.tag();
            in.skip(tag);
            if (WireReader.number(tag) < number) {
                throw new Mismatch("fields out of order", FORM);
            }
            run = WireReader.number(tag) == number ? run : from;
            number = WireReader.number(tag);
            into.put(number, all.slice(run, in.offset()));
        }
    }

    private static Bytes values(String number, Document values) {
        if (!(values instanceof Sequence sequence)) {
            throw new Mismatch(ScalarBytes.word(values), FORM);
        }
        WireWriter out = new WireWriter(64);
        for (Document value : sequence.elements().reversed()) {
            if (!(value instanceof Mapping mapping) || mapping.fields().size() != 1) {
                throw new Mismatch(ScalarBytes.word(value), FORM);
            }
            write(number(number), mapping.fields().firstEntry(), out);
        }
        return out.toBytes();
    }

    private static void write(int number, Map.Entry<String, Document> value, WireWriter out) {
        switch (value.getKey()) {
            case "varint" -> out.field(number, whole(value.getValue()));
            case "fixed64" -> {
                out.fixed64(whole(value.getValue()));
                out.tag(number, WireReader.FIXED64);
            }
            case "fixed32" -> {
                out.fixed32((int) whole(value.getValue()));
                out.tag(number, WireReader.FIXED32);
            }
            case "text" -> out.field(number, Bytes.utf8(text(value.getValue())));
            case "bytes" -> out.field(number, ScalarBytes.base64(text(value.getValue())));
            case "group" -> {
                out.tag(number, WireReader.GROUP_END);
                out.raw(ScalarBytes.base64(text(value.getValue())));
                out.tag(number, WireReader.GROUP_START);
            }
            default -> throw new Mismatch(value.getKey(), FORM);
        }
    }

    private static long whole(Document value) {
        return switch (value) {
            case Whole whole -> whole.number();
            case Document.Decimal decimal
            when decimal.lexeme().matches("[0-9]{19,20}") -> Long.parseUnsignedLong(decimal.lexeme());
            case Document.Decimal _, Mapping _, Sequence _, Text _, Nil _, Document.Truth _, Document.Redacted _ ->
                throw new Mismatch(ScalarBytes.word(value), FORM);
        };
    }

    private static String text(Document value) {
        if (!(value instanceof Text text)) {
            throw new Mismatch(ScalarBytes.word(value), FORM);
        }
        return text.text();
    }
}
