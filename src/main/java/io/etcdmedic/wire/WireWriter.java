package io.etcdmedic.wire;

import io.etcdmedic.bytes.Bytes;
import java.util.Arrays;

/// Writes protobuf's wire format from its end to its beginning, so that a length is known when it is written.
///
/// The last field is written first, and of a field its value before its tag. Not for several threads.
public final class WireWriter {
    private byte[] buffer;
    private int start;

    public WireWriter(int capacity) {
        buffer = new byte[Math.max(64, capacity)];
        start = buffer.length;
    }

    /// How many bytes are written.
    public int length() {
        return buffer.length - start;
    }

    public void tag(int number, int wireType) {
        varint((long) number << 3 | wireType);
    }

    public void varint(long value) {
        int count = Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
        reserve(count);
        start -= count;
        int at = start;
        while ((value & ~0x7fL) != 0) {
            buffer[at++] = (byte) (value & 0x7f | 0x80);
            value >>>= 7;
        }
        buffer[at] = (byte) value;
    }

    public void fixed64(long value) {
        fixed32((int) (value >>> 32));
        fixed32((int) value);
    }

    public void fixed32(int value) {
        reserve(4);
        start -= 4;
        buffer[start] = (byte) value;
        buffer[start + 1] = (byte) (value >>> 8);
        buffer[start + 2] = (byte) (value >>> 16);
        buffer[start + 3] = (byte) (value >>> 24);
    }

    public void raw(byte[] bytes, int from, int count) {
        reserve(count);
        start -= count;
        System.arraycopy(bytes, from, buffer, start, count);
    }

    public void raw(Bytes bytes) {
        raw(bytes.sharedArray(), bytes.arrayOffset(), bytes.length());
    }

    /// A whole field of bytes or text.
    public void field(int number, Bytes bytes) {
        raw(bytes);
        varint(bytes.length());
        tag(number, WireReader.LENGTH);
    }

    /// A whole field that is a varint.
    public void field(int number, long value) {
        varint(value);
        tag(number, WireReader.VARINT);
    }

    /// Length and tag of the message that was written since the length was `before`.
    public void message(int number, int before) {
        varint(length() - before);
        tag(number, WireReader.LENGTH);
    }

    public Bytes toBytes() {
        return Bytes.owned(Arrays.copyOfRange(buffer, start, buffer.length));
    }

    private void reserve(int count) {
        if (start < count) {
            int used = length();
            long wanted = Math.max((long) used + count, buffer.length * 2L);
            byte[] larger = new byte[(int) Math.min(Integer.MAX_VALUE - 8, wanted)];
            System.arraycopy(buffer, start, larger, larger.length - used, used);
            start = larger.length - used;
            buffer = larger;
        }
    }
}
