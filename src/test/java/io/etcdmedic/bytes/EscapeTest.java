package io.etcdmedic.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EscapeTest {
    @Test
    void plainTextStaysAsItIs() {
        assertThat(Escape.printable(Bytes.utf8("/registry/services/specs/default/kübernetes")))
                .isEqualTo("/registry/services/specs/default/kübernetes");
    }

    @Test
    void whatATerminalWouldObeyIsMadeVisible() {
        assertThat(Escape.printable(Bytes.utf8("a\u001b[31mb\u202Ec\u0085d\u200be\nf")))
                .isEqualTo("a\\x1b[31mb\\xe2\\x80\\xaec\\xc2\\x85d\\xe2\\x80\\x8be\\x0af");
    }

    @Test
    void bytesThatAreNoTextAreNamedOneByOne() {
        assertThat(Escape.printable(Bytes.hex("61c328ff"))).isEqualTo("a\\xc3(\\xff");
    }

    @Test
    void parseIsTheInverseOfPrintable() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] any = new byte[random.nextInt(20)];
            random.nextBytes(any);
            Bytes bytes = Bytes.owned(any);
            assertThat(Escape.parse(Escape.printable(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void anUnknownEscapeIsRefusedWithItsPosition() {
        assertThatThrownBy(() -> Escape.parse("ab\\q")).hasMessageContaining("position 2");
    }

    @Test
    void multilineKeepsLineFeedAndTab() {
        assertThat(Escape.multiline("a\n\tb\u0007")).isEqualTo("a\n\tb\\x07");
    }
}
