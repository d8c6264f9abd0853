package io.etcdmedic.render;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/// How wide the columns of a table may be so that it fits a terminal.
///
/// The widest column of words gives way first, down to what can still be read of it. What is copied out of a table
/// stays whole: the first column, keys, names and numbers. Where that does not fit, its lines are longer than the
/// terminal.
final class Fitting {
    /// What is left of a column that gave way.
    private static final int COLUMN_MIN = 12;

    /// Headings of what is copied, or refers to it.
    private static final Set<String> COPIED =
            Set.of("KEY", "NAME", "ID", "PLAN", "ENTRY", "FILE", "ENDPOINT", "CLUSTER", "CLUSTER-IP");

    private Fitting() {}

    /// @param kept below which a column gives way only when no other is wider than what is kept of it
    /// @param widths of the columns as they are
    /// @param numbers which columns are numbers
    /// @param room what the terminal has for cells, without the gaps
    /// @return the widths that each column may have at most
    static int[] within(List<Column> columns, int[] kept, int[] widths, boolean[] numbers, int room) {
        int[] fitted = widths.clone();
        int over = Arrays.stream(fitted).sum() - room;
        while (over > 0) {
            OptionalInt beyond = widest(columns, kept, fitted, numbers);
            OptionalInt widest = beyond.isPresent() ? beyond : widest(columns, new int[kept.length], fitted, numbers);
            if (widest.isEmpty()) {
                return fitted;
            }
            // Down to the next widest at once would be quicker; tables have few columns.
            fitted[widest.getAsInt()]--;
            over--;
        }
        return fitted;
    }

    /// Which column gives way next.
    private static OptionalInt widest(List<Column> columns, int[] kept, int[] widths, boolean[] numbers) {
        int widest = -1;
        for (int i = 1; i < widths.length; i++) {
            boolean givesWay = !numbers[i] && widths[i] > Math.max(kept[i], COLUMN_MIN) && !isCopied(columns.get(i));
            if (givesWay && (widest < 0 || widths[i] >= widths[widest])) {
                widest = i;
            }
        }
        return widest < 0 ? OptionalInt.empty() : OptionalInt.of(widest);
    }

    private static boolean isCopied(Column column) {
        return COPIED.contains(column.heading().toUpperCase(Locale.ROOT));
    }
}
