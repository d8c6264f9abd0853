package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.command.Ran;
import org.junit.jupiter.api.Test;

/// The demo without anybody at a terminal: its whole story, and a good end.
class DemoTest {

    @Test
    void theTourTellsItsStoryToTheEnd() {
        Ran demo = Ran.of("demo");
        assertThat(demo.status()).as(demo.stderr()).isZero();
        assertThat(demo.stderr()).doesNotContain("medic:");
        assertThat(demo.text())
                .contains("rancher-webhook", "outcome       APPLIED", "\"10.43.0.0/16\"")
                .endsWith("--cacert FILE --cert FILE --key FILE\n");
    }
}
