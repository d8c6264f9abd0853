package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The demo: a repair in memory, of which nothing stays.
class DemoTest {

    @Test
    void theTourMendsTheClusterAndLeavesNothing() throws Exception {
        Ran tour = Ran.of("demo");
        assertThat(tour.text())
                .contains("$ medic fix servicecidr --cidr 10.43.0.0/16")
                .contains("outcome       APPLIED")
                .contains("+ spec.cidrs[0]: \"10.43.0.0/16\"")
                .contains("$ medic undo ");
        assertThat(tour.stderr()).contains("to go on; anything else stops: ").contains("Step 1 of ");
        Matcher folder = Pattern.compile("(\\S*medic-demo\\d+)/").matcher(tour.text());
        assertThat(folder.find()).isTrue();
        assertThat(Path.of(folder.group(1))).doesNotExist();
    }
}
