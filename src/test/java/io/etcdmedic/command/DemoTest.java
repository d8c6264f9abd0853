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
        assertThat(tour.status()).as(tour.stderr()).isZero();
        assertThat(tour.text())
                .contains("rancher-webhook")
                .contains("$ medic fix servicecidr --cidr 10.43.0.0/16")
                .contains("outcome       APPLIED")
                .contains("+ spec.cidrs[0]: \"10.43.0.0/16\"")
                .contains("$ medic undo ")
                .endsWith("--cacert FILE --cert FILE --key FILE\n");
        assertThat(tour.stderr())
                .doesNotContain("medic:")
                .contains("to go on; anything else stops: ")
                .contains("Step 1 of ");
        Matcher folder = Pattern.compile("(\\S*medic-demo-\\d+)/").matcher(tour.text());
        assertThat(folder.find()).isTrue();
        assertThat(Path.of(folder.group(1))).doesNotExist();
    }
}
