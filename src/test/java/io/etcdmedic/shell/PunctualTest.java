package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PunctualTest {
    private final LinkedBlockingQueue<String> shown = new LinkedBlockingQueue<>();
    private final OutputStream below = new ByteArrayOutputStream() {
        @Override
        public void flush() {
            shown.add(toString(StandardCharsets.UTF_8));
        }
    };

    @Test
    void whatWasWrittenIsShownWithoutAnEnd() throws Exception {
        try (Punctual punctual = new Punctual(below)) {
            punctual.write("one\n".getBytes(StandardCharsets.UTF_8));
            assertThat(shown.poll(30, TimeUnit.SECONDS)).isEqualTo("one\n");
            punctual.write('2');
            assertThat(shown.poll(30, TimeUnit.SECONDS)).isEqualTo("one\n2");
        }
    }

    @Test
    void theEndShowsAllAndLeavesTheStreamOpen() throws Exception {
        Punctual punctual = new Punctual(below);
        punctual.write("one\ntwo".getBytes(StandardCharsets.UTF_8));
        punctual.close();
        assertThat(shown).last().isEqualTo("one\ntwo");
        below.write('!');
        assertThat(below).hasToString("one\ntwo!");
    }
}
