package io.etcdmedic.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Key;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tables in a terminal that is narrower than they are.
class FittedTableTest {
    private static final List<Column> COLUMNS = List.of(
            Column.kubectl("NAMESPACE", "namespace"),
            Column.kubectl("NAME", "name"),
            Column.kubectl("IMAGES", "images"),
            Column.kubectl("SELECTOR", "selector"));
    private static final String NAME = "a-deployment-with-a-long-name";
    private static final List<String> ROW = List.of(
            "kube-system",
            NAME,
            "registry.example/日本語/image:1.2.3,registry.example/another-image:4.5.6",
            "app=web,tier=frontend,track=stable");

    @Test
    void theWidestColumnsGiveWayAndNamesStayWhole() {
        List<String> lines = lines(Format.TABLE, 100, COLUMNS, ROW);
        assertThat(lines).allMatch(line -> DisplayWidth.of(line) <= 100);
        assertThat(lines.get(1)).contains("kube-system", NAME, "registry.example/日", "…", "app=web,tier");
        assertThat(DisplayWidth.of(lines.get(0).substring(0, lines.get(0).indexOf("SELECTOR"))))
                .isEqualTo(
                        DisplayWidth.of(lines.get(1).substring(0, lines.get(1).indexOf("app=web"))));
    }

    @Test
    void inATerminalTooNarrowForNamesTheyAreStillWhole() {
        String line = lines(Format.TABLE, 30, COLUMNS, ROW).get(1);
        assertThat(line).contains("kube-system", NAME).endsWith("app=web,tie…");
    }

    @Test
    void wideTablesAndThoseOfUnknownWidthAreNotCut() {
        assertThat(lines(Format.WIDE, 60, COLUMNS, ROW).get(1)).contains(ROW);
        assertThat(lines(Format.TABLE, 0, COLUMNS, ROW).get(1)).contains(ROW);
    }

    @Test
    void keysAndNumbersStayWhole() {
        List<Column> columns = List.of(
                Column.of("STEP", "step"),
                Column.of("KEY", "key"),
                Column.of("REVISION", "revision"),
                Column.of("WHY", "why"));
        String key = "/registry/services/specs/shop/a-service-with-a-long-name";
        String line = lines(
                        Format.TABLE, 95, columns, List.of("first", key, "123456789", "because it is so, and so on"))
                .get(1);
        assertThat(line).contains(key, "123456789").endsWith("…");
        assertThat(DisplayWidth.of(line)).isLessThanOrEqualTo(95);
    }

    /// Two keys that differ in a line end and a space look different.
    @Test
    void aKeyIsShownAsItIsTyped() {
        List<Column> columns = List.of(Column.key("KEY", "key"), Column.of("WHY", "why"));
        assertThat(lines(Format.TABLE, 0, columns, List.of("/a\nb\tc", "two\nlines"))
                        .get(1))
                .isEqualTo("/a\\x0ab\\x09c   two lines");
    }

    /// Three keys that would look alike: a byte that is no UTF-8, an escape of it written out, and one of a letter.
    @Test
    void aBackslashOfAKeyIsNotThatOfAnEscape() {
        List<Column> columns = List.of(Column.key("KEY", "key"));
        List<Key> keys = List.of(new Key(Bytes.hex("2fff")), Key.of("/\\xff"), Key.of("/\\x41"), Key.of("/A\u001b"));
        List<String> shown = keysIn(Format.TABLE, columns, keys);
        assertThat(shown).containsExactly("KEY", "/\\xff", "/\\\\xff", "/\\\\x41", "/A\\x1b");
        for (int i = 0; i < keys.size(); i++) {
            assertThat(Escape.parse(shown.get(i + 1))).isEqualTo(keys.get(i).bytes());
        }
        assertThat(keysIn(Format.NAME, columns, keys)).isEqualTo(shown.subList(1, 5));
        assertThat(keysIn(Format.JSONL, columns, keys))
                .startsWith("{\"key\":\"/\\\\xff\",\"keyHex\":\"2fff\"}", "{\"key\":\"/\\\\xff\"}");
    }

    private static List<String> keysIn(Format format, List<Column> columns, List<Key> keys) {
        List<List<Document>> rows =
                keys.stream().map(key -> List.of(KeyCell.of(key))).toList();
        return lines(format, 0, new Content.Table(columns, rows));
    }

    @Test
    void whatFlowsIsFittedTooAndStandsInTheColumnsOfItsFirstScreenful() {
        List<List<String>> rows = new ArrayList<>(Collections.nCopies(30, List.of("shop", "web", "ok", "app=web")));
        rows.set(3, ROW);
        rows.add(List.of("shop", "web", "x".repeat(200), "app=" + "y".repeat(40)));
        rows.add(List.of("shop", "z".repeat(90), "ok", "app=web"));
        rows.add(List.of("shop", "web", "ok", "app=web"));
        List<String> lines = flowing(Format.TABLE, 100, rows);
        assertThat(lines).hasSize(1 + rows.size());
        assertThat(lines.get(4)).contains("kube-system", NAME, "registry.example/日", "…", "app=web,tier");
        assertThat(lines.subList(0, 31)).allMatch(line -> DisplayWidth.of(line) <= 100);
        assertThat(lines.get(31)).contains("xxxx…", "   app=yyyy").endsWith("yyy…");
        assertThat(DisplayWidth.of(lines.get(31))).isEqualTo(100);
        // A name stays whole; the line after it stands in the columns again.
        assertThat(lines.get(32)).contains("z".repeat(90));
        assertThat(lines.get(33)).isEqualTo(lines.get(30));
        assertThat(lines.get(31).indexOf("app=")).isEqualTo(lines.get(30).indexOf("app="));
    }

    /// One long cell does not take the words of the other columns, nor move what comes after it.
    @Test
    void aLateLongCellOfWhatFlowsPushesItsLineOutWhereThereIsRoom() {
        List<List<String>> rows = new ArrayList<>(Collections.nCopies(30, List.of("shop", "web", "ok", "app=web")));
        rows.add(List.of("shop", "web", "CrashLoopBackOff", "app=web,tier=frontend"));
        List<String> lines = flowing(Format.TABLE, 80, rows);
        assertThat(lines.get(30)).isEqualTo("shop        web    ok       app=web");
        assertThat(lines.get(31)).isEqualTo("shop        web    CrashLoopBackOff   app=web,tier=frontend");
        List<String> narrow = flowing(Format.TABLE, 46, rows);
        assertThat(narrow.get(31)).isEqualTo("shop        web    CrashLoopBa…   app=web,tie…");
    }

    @Test
    void whatFlowsIntoAPipeOrIsAskedForWideIsNotCut() {
        assertThat(flowing(Format.WIDE, 60, List.of(ROW)).get(1)).contains(ROW);
        assertThat(flowing(Format.TABLE, 0, List.of(ROW)).get(1)).contains(ROW);
    }

    private static List<String> flowing(Format format, int width, List<List<String>> rows) {
        return lines(
                format,
                width,
                new Content.Flow(
                        COLUMNS, rows.stream().map(FittedTableTest::cells).iterator(), true));
    }

    private static List<String> lines(Format format, int width, List<Column> columns, List<String> row) {
        return lines(format, width, new Content.Table(columns, List.of(cells(row))));
    }

    private static List<Document> cells(List<String> row) {
        return row.stream().<Document>map(Document.Text::new).toList();
    }

    private static List<String> lines(Format format, int width, Content content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                true,
                true,
                false,
                width);
        new Renderer(console, format).write(Report.of(content));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
