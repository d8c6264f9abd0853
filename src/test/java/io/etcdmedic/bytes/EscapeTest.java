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

    /// A line that looks like one of ours, and letters that are shown as nothing.
    @Test
    void nothingForgesALineOrHidesInAName() {
        assertThat(Escape.line("a\n\tb\u001b")).isEqualTo("a\\x0a\\x09b\\x1b");
        assertThat(Escape.talk("medic: it said: x\nhint: rm -rf /\n"))
                .isEqualTo("medic: it said: x\n    hint: rm -rf /\n");
        for (String invisible : new String[] {"\u3164", "\u115f", "\u034f", "\ufe0f", "\uffa0", "\udb40\udd00"}) {
            assertThat(Escape.printable(Bytes.utf8("a" + invisible))).matches("a(\\\\x[0-9a-f]{2})+");
        }
    }
}
