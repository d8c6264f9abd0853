package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The demo: a repair in memory, of which nothing stays.
class DemoTest {

    @Test
    void theTourMendsTheClusterAndLeavesNothing() throws Exception {
        List<Path> before = leftovers();
        Ran tour = Ran.of("demo");
        assertThat(tour.text())
                .contains("$ medic fix servicecidr --cidr 10.43.0.0/16")
                .contains("outcome       APPLIED")
                .contains("+ spec.cidrs[0]: \"10.43.0.0/16\"")
                .contains("$ medic undo ");
        assertThat(tour.stderr()).contains("to go on; anything else stops: ").contains("Step 1 of ");
        assertThat(leftovers()).isEqualTo(before);
    }

    private static List<Path> leftovers() throws Exception {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(f -> f.getFileName().toString().startsWith("medic-demo"))
                    .sorted()
                    .toList();
        }
    }
}
