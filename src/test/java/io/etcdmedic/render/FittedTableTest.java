package io.etcdmedic.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.document.Document;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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

    private static List<String> lines(Format format, int width, List<Column> columns, List<String> row) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                true,
                true,
                false,
                width);
        List<Document> cells = row.stream().<Document>map(Document.Text::new).toList();
        new Renderer(console, format).write(Report.of(new Content.Table(columns, List.of(cells))));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
