package io.etcdmedic.document;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document.Decimal;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Redacted;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Truth;
import io.etcdmedic.document.Document.Whole;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// JSON: RFC 8259 read strictly; written compact, or the way kubectl does.
public final class Json {
    /// How deep values may nest; the program's own limit, real objects stay under 60.
    public static final int DEPTH_MAX = 500;

    private static final String INDENT = "    ";

    private Json() {}

    /// Reads one JSON value, with nothing but white space around it.
    ///
    /// @throws io.etcdmedic.failure.Failure.Corrupt with the offset, also when a field is there twice
    public static Document read(Bytes json) {
        return new JsonReader(json).strict().read();
    }

    public static Document read(String json) {
        return read(Bytes.utf8(json));
    }

    /// As [#read(Bytes)], but of a field that is there twice the last one counts, as in Kubernetes' storage;
    /// `duplicates` is told its path.
    public static Document read(Bytes json, Consumer<String> duplicates) {
        return new JsonReader(json).tellingDuplicates(duplicates).read();
    }

    /// On one line, without a line's end, fields in their order.
    public static String compact(Document document) {
        return compactBytes(document).toUtf8();
    }

    public static Bytes compactBytes(Document document) {
        JsonOutput out = new JsonOutput(1024);
        write(document, out);
        out.finish();
        return out.toBytes();
    }

    /// Appends `document`, with a comma behind it.
    public static void write(Document document, JsonOutput out) {
        switch (document) {
            case Mapping m -> {
                out.beginMapping();
                for (Map.Entry<String, Document> field : m.fields().entrySet()) {
                    out.key(field.getKey());
                    write(field.getValue(), out);
                }
                out.endMapping();
            }
            case Sequence s -> {
                out.beginSequence();
                for (Document element : s.elements()) {
                    write(element, out);
                }
                out.endSequence();
            }
            case Text t -> out.text(t.text());
            case Whole w -> out.whole(w.number());
            case Decimal d -> out.lexeme(d.lexeme());
            case Truth t -> out.truth(t.value());
            case Nil _ -> out.nil();
            case Redacted r -> out.text(r.toString());
        }
    }

    /// As `kubectl -o json` prints it: four spaces, fields sorted by name, a line's end at the end.
    public static String indented(Document document) {
        StringBuilder out = new StringBuilder();
        indented(document, "\n", out);
        return out.append('\n').toString();
    }

    private static void indented(Document document, String newline, StringBuilder out) {
        switch (document) {
            case Mapping m -> indentedFields(m.fields(), newline, out);
            case Sequence s -> indentedElements(s, newline, out);
            case Text _, Whole _, Decimal _, Truth _, Nil _, Redacted _ -> out.append(compact(document));
        }
    }

    private static void indentedFields(SequencedMap<String, Document> fields, String newline, StringBuilder out) {
        if (fields.isEmpty()) {
            out.append("{}");
            return;
        }
        String separator = "{";
        for (Map.Entry<String, Document> field : new TreeMap<>(fields).entrySet()) {
            out.append(separator).append(newline).append(INDENT).append(compact(new Text(field.getKey())));
            out.append(": ");
            indented(field.getValue(), newline + INDENT, out);
            separator = ",";
        }
        out.append(newline).append('}');
    }

    private static void indentedElements(Sequence sequence, String newline, StringBuilder out) {
        if (sequence.elements().isEmpty()) {
            out.append("[]");
            return;
        }
        String separator = "[";
        for (Document element : sequence.elements()) {
            out.append(separator).append(newline).append(INDENT);
            indented(element, newline + INDENT, out);
            separator = ",";
        }
        out.append(newline).append(']');
    }
}
