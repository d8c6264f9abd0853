package io.etcdmedic.command.inspect;

import io.etcdmedic.codec.protobuf.WireOutline;
import io.etcdmedic.document.Document;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import java.util.List;

/// The wire structure of a value as a table.
final class WireTable {
    private static final List<Column> COLUMNS = List.of(
            Column.of("OFFSET", "offset"),
            Column.of("NUMBER", "number"),
            Column.of("WIRE", "wire"),
            Column.of("FIELD", "field"),
            Column.of("VALUE", "value"));

    private WireTable() {}

    static Content of(List<WireOutline.Line> lines) {
        return new Content.Table(COLUMNS, lines.stream().map(WireTable::row).toList());
    }

    private static List<Document> row(WireOutline.Line line) {
        return List.of(
                Shown.number(line.offset()),
                Shown.number(line.number()),
                Shown.text(line.wire()),
                Shown.text("  ".repeat(line.depth()) + line.field()),
                Shown.text(line.value()));
    }
}
