package io.etcdmedic.render;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Tables as aligned text and as data.
final class Tables {
    /// Rows that are looked at for the widths of the columns; later rows may push theirs out.
    private static final int ROWS_MEASURED = 1000;

    private static final String GAP = "   ";

    private Tables() {}

    /// @param room the columns of the terminal that the table is fitted to; 0 leaves it as wide as it is
    static void write(Content.Table table, Console console, int room) {
        List<List<String>> first = new ArrayList<>();
        while (table.rows().hasNext() && first.size() < ROWS_MEASURED) {
            first.add(cells(table.columns(), table.rows().next(), console));
        }
        List<String> heading = table.columns().stream().map(Column::heading).toList();
        int[] widths =
                widths(table.headed() ? heading : List.of(), table.columns().size(), first);
        boolean[] right = right(table.columns(), first);
        int[] most = most(table.columns(), widths, right, room);
        PrintStream out = console.out();
        boolean likeKubectl = table.columns().stream().allMatch(c -> c.unit() == Column.Unit.KUBECTL);
        if (table.headed() && !(likeKubectl && first.isEmpty())) {
            out.print(console.bold(line(heading, widths, right, most)) + "\n");
        }
        for (List<String> row : first) {
            out.print(line(row, widths, right, most) + "\n");
        }
        while (table.rows().hasNext() && !gone(out)) {
            out.print(line(cells(table.columns(), table.rows().next(), console), widths, right, most) + "\n");
        }
    }

    /// Whether the reader of `out` is gone; does not flush.
    static boolean gone(PrintStream out) {
        return out instanceof Outlet outlet && outlet.isBroken();
    }

    static Iterator<Document> documents(Content.Table table) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return table.rows().hasNext();
            }

            @Override
            public Document next() {
                return row(table.columns(), table.rows().next());
            }
        };
    }

    /// The parts of a report as one document.
    static Document whole(Content.Parts parts) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        for (Content.Part part : parts.parts()) {
            fields.put(part.field(), whole(part.content()));
        }
        return new Document.Mapping(fields);
    }

    private static Document whole(Content content) {
        List<Document> elements = new ArrayList<>();
        return switch (content) {
            case Content.Table table -> {
                documents(table).forEachRemaining(elements::add);
                yield new Document.Sequence(elements);
            }
            case Content.Items items -> {
                items.items().forEachRemaining(item -> elements.add(item.document()));
                yield new Document.Sequence(elements);
            }
            case Content.Flow flow -> {
                flow.rows().forEachRemaining(row -> elements.add(row(flow.columns(), row)));
                yield new Document.Sequence(elements);
            }
            case Content.Feed feed -> {
                feed.items().forEachRemaining(item -> elements.add(item.document()));
                yield new Document.Sequence(elements);
            }
            case Content.Passages passages -> {
                passages.passages().forEachRemaining(passage -> elements.add(passage.document()));
                yield new Document.Sequence(elements);
            }
            case Content.Tree tree -> Trees.document(tree.root());
            case Content.Prose prose -> new Document.Text(prose.text());
            case Content.Raw raw -> new Document.Text(raw.bytes().toHex());
            case Content.RawPieces raw -> {
                raw.pieces().forEachRemaining(piece -> elements.add(new Document.Text(piece.toHex())));
                yield new Document.Sequence(elements);
            }
            case Content.Lines lines -> {
                StringBuilder all = new StringBuilder();
                lines.runs().forEachRemaining(run -> all.append(run.toUtf8()));
                yield new Document.Text(all.toString());
            }
            case Content.Parts parts -> whole(parts);
        };
    }

    private static Document row(List<Column> columns, List<Document> cells) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            KeyCell.put(fields, columns.get(i), cells.get(i));
        }
        return new Document.Mapping(fields);
    }

    /// A cell for people, on one line.
    static String plain(Document cell) {
        return switch (cell) {
            case Document.Text text -> text.text();
            case Document.Nil _ -> "-";
            case Document.Redacted redacted -> redacted.toString();
            case Document.Mapping _, Document.Sequence _, Document.Whole _, Document.Decimal _, Document.Truth _ ->
                Json.compact(cell);
        };
    }

    static List<String> cells(List<Column> columns, List<Document> row, Console console) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Document cell = row.get(i);
            String line = switch (columns.get(i).unit()) {
                case BYTES ->
                    cell instanceof Document.Whole bytes
                            ? new ByteCount(bytes.number()).toString()
                            : oneLine(plain(cell));
                case KUBECTL -> cell instanceof Document.Nil ? "" : firstLine(plain(cell));
                case KEY -> KeyCell.typed(cell, console.terminal());
                case NONE -> oneLine(plain(cell));
            };
            cells.add(console.terminal() ? Escape.multiline(line) : line);
        }
        return cells;
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ').replace('\t', ' ');
    }

    /// Source: k8s.io/cli-runtime pkg/printers/tableprinter.go.
    private static String firstLine(String text) {
        int end = 0;
        while (end < text.length() && "\f\n\r".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end < text.length() ? text.substring(0, end) + "..." : text;
    }

    static int[] widths(List<String> heading, int columns, List<List<String>> rows) {
        int[] widths = Arrays.copyOf(heading.stream().mapToInt(DisplayWidth::of).toArray(), columns);
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], DisplayWidth.of(row.get(i)));
            }
        }
        return widths;
    }

    /// How wide each cell may be; what fits becomes the columns' widths.
    private static int[] most(List<Column> columns, int[] widths, boolean[] right, int room) {
        if (room == 0) {
            return whole(widths.length);
        }
        int[] fitted = Fitting.within(columns, new int[widths.length], widths, right, cellRoom(room, widths.length));
        int[] most = new int[widths.length];
        for (int i = 0; i < widths.length; i++) {
            boolean cut = fitted[i] < widths[i];
            most[i] = cut ? fitted[i] : Integer.MAX_VALUE;
            widths[i] = fitted[i];
        }
        return most;
    }

    private static int[] whole(int columns) {
        int[] most = new int[columns];
        Arrays.fill(most, Integer.MAX_VALUE);
        return most;
    }

    /// Columns of numbers stand at the right.
    private static boolean[] right(List<Column> columns, List<List<String>> rows) {
        boolean[] right = new boolean[columns.size()];
        for (int i = 0; i < right.length; i++) {
            int column = i;
            right[i] = !rows.isEmpty()
                    && columns.get(i).unit() != Column.Unit.KUBECTL
                    && (columns.get(i).unit() == Column.Unit.BYTES
                            || rows.stream().allMatch(row -> isNumber(row.get(column))));
        }
        return right;
    }

    static boolean isNumber(String cell) {
        return cell.matches("-|-?[0-9]+");
    }

    /// What a terminal of `room` columns has for the cells of a row, without the gaps.
    static int cellRoom(int room, int cells) {
        return room - GAP.length() * (cells - 1);
    }

    static String line(List<String> cells, int[] widths, boolean[] right, int[] most) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = DisplayWidth.cut(cells.get(i), most[i]);
            String space = " ".repeat(Math.max(0, widths[i] - DisplayWidth.of(cell)));
            line.append(i == 0 ? "" : GAP).append(right[i] ? space + cell : cell + space);
        }
        return line.toString().stripTrailing();
    }
}
