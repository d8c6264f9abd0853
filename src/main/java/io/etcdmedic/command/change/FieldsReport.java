package io.etcdmedic.command.change;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import java.util.List;
import java.util.SequencedMap;

/// One thing with named fields: a line each for people, one object as data.
public final class FieldsReport {
    private static final int NAME_WIDTH = 14;

    private FieldsReport() {}

    /// @param format what was asked for; the form `name` shows the first field alone
    public static Report of(SequencedMap<String, Document> fields, Format format) {
        return switch (format) {
            case JSON, JSONL, YAML ->
                Report.of(
                        new Content.Items(List.of(new Content.Item(Bytes.EMPTY, new Document.Mapping(fields))), true));
            case NAME -> Report.of(new Content.Prose(shown(fields.firstEntry().getValue()) + "\n"));
            case TABLE, WIDE, RAW, HEX, PROTO, META -> {
                StringBuilder text = new StringBuilder();
                fields.forEach((name, value) -> lines(name, value, text));
                yield Report.of(new Content.Prose(text.toString()));
            }
        };
    }

    private static void lines(String name, Document value, StringBuilder text) {
        if (value instanceof Document.Sequence sequence) {
            sequence.elements().forEach(element -> line(name, element, text));
        } else {
            line(name, value, text);
        }
    }

    private static void line(String name, Document value, StringBuilder text) {
        String shown = shown(value);
        if (!(value instanceof Document.Nil) && !shown.isEmpty()) {
            text.append(name)
                    .append(" ".repeat(Math.max(2, NAME_WIDTH - name.length())))
                    .append(shown)
                    .append('\n');
        }
    }

    private static String shown(Document value) {
        String text = value instanceof Document.Text t ? t.text() : Json.compact(value);
        return text.replace('\n', ' ').replace('\t', ' ');
    }
}
