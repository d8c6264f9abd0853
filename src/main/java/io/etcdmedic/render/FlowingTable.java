package io.etcdmedic.render;

import io.etcdmedic.document.Document;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// A table whose rows are shown as they come, in columns that the first screenful settles.
///
/// Until then a column is as wide as its widest cell so far. After that a longer cell pushes its own line out as
/// far as the terminal goes, and is cut there; the next line stands in the columns again.
final class FlowingTable {
    /// A screenful of the smallest usual terminal.
    private static final int ROWS_SETTLING = 24;

    private final Content.Flow flow;
    private final Console console;
    private final int room;
    private final int[] kept;
    private int shown;

    /// @param room the columns of the terminal that the table is fitted to; 0 leaves it as wide as it is
    FlowingTable(Content.Flow flow, Console console, int room) {
        this.flow = flow;
        this.console = console;
        this.room = room;
        this.kept = Tables.widths(
                flow.headed() ? heading(flow.columns()) : List.of(),
                flow.columns().size(),
                List.of());
    }

    void write() {
        PrintStream out = console.out();
        Iterator<List<Document>> rows = flow.rows();
        boolean[] right = new boolean[kept.length];
        while (!Tables.gone(out) && rows.hasNext()) {
            List<String> row = Tables.cells(flow.columns(), rows.next(), console);
            int[] most = make(row);
            if (shown == 0 && flow.headed()) {
                out.print(console.bold(Tables.line(heading(flow.columns()), kept, right, most)) + "\n");
            }
            shown++;
            out.print(Tables.line(row, kept, right, most) + "\n");
            out.flush();
        }
    }

    /// Makes room for `row`.
    ///
    /// @return how wide each of its cells may be
    private int[] make(List<String> row) {
        int[] wanted = Tables.widths(List.of(), kept.length, List.of(row));
        boolean[] numbers = new boolean[kept.length];
        for (int i = 0; i < kept.length; i++) {
            wanted[i] = Math.max(wanted[i], kept[i]);
            numbers[i] = Tables.isNumber(row.get(i));
        }
        int cells = room == 0 ? Integer.MAX_VALUE : Tables.cellRoom(room, kept.length);
        boolean settled = shown >= ROWS_SETTLING;
        int[] fitted = Fitting.within(flow.columns(), settled ? kept : new int[kept.length], wanted, numbers, cells);
        if (!settled) {
            System.arraycopy(fitted, 0, kept, 0, kept.length);
        }
        int[] most = new int[kept.length];
        Arrays.setAll(most, i -> fitted[i] < wanted[i] ? fitted[i] : Integer.MAX_VALUE);
        return most;
    }

    private static List<String> heading(List<Column> columns) {
        return columns.stream().map(Column::heading).toList();
    }
}
