package io.etcdmedic.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireTest {
    @Test
    void whatIsWrittenIsRead() {
        for (long value : List.of(0L, 1L, 127L, 128L, 16383L, 16384L, 1L << 62, -1L, Long.MIN_VALUE, Long.MAX_VALUE)) {
            WireWriter out = new WireWriter(0);
            out.fixed64(value);
            out.tag(3, WireReader.FIXED64);
            out.field(2, Bytes.utf8("abc"));
            out.field(536_870_911, value);
            WireReader in = new WireReader(out.toBytes());
            assertThat(WireReader.number(in.tag())).isEqualTo(536_870_911);
            assertThat(in.varint()).isEqualTo(value);
            assertThat(in.tag()).isEqualTo(2 << 3 | WireReader.LENGTH);
            assertThat(in.bytes()).isEqualTo(Bytes.utf8("abc"));
            assertThat(in.tag()).isEqualTo(3 << 3 | WireReader.FIXED64);
            assertThat(in.fixed64()).isEqualTo(value);
            assertThat(in.atEnd()).isTrue();
        }
    }

    @Test
    void whatBreaksTheFormatIsAFault() {
        for (String hex : List.of(
                "00",
                "07",
                "0e",
                "08",
                "0880",
                "08ffffffffffffffffffff01",
                "0a05",
                "0affffffff0f",
                "0aff",
                "0d000000",
                "0900",
                "0b",
                "0c",
                "0b14",
                "0b12",
                "f8ffffffffff01")) {
            WireReader in = new WireReader(Bytes.hex(hex));
            assertThatThrownBy(() -> in.skip(in.tag())).as(hex).isInstanceOf(WireFault.class);
        }
    }

    @Test
    void groupsAreSkippedWithoutRecursion() {
        WireReader in = new WireReader(Bytes.hex("0b10010b0c0c"));
        in.skip(in.tag());
        assertThat(in.atEnd()).isTrue();
        WireReader deep = new WireReader(Bytes.hex("0b".repeat(100_000)));
        assertThatThrownBy(() -> deep.skip(deep.tag())).hasMessageContaining("groups nested");
    }

    @Test
    void anInnerMessageEndsAtItsLimit() {
        WireReader in = new WireReader(Bytes.hex("0a02080112"));
        in.tag();
        int outer = in.enter(in.length());
        in.tag();
        assertThat(in.varint()).isEqualTo(1);
        assertThat(in.atEnd()).isTrue();
        in.leave(outer);
        assertThat(in.atEnd()).isFalse();
    }
}
