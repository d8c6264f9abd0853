package io.etcdmedic.bytes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// An immutable run of bytes: a key, a value, a part of a page.
///
/// It may be a window onto a larger array that others share; nobody who holds a `Bytes` can change what it shows.
/// Order is etcd's and bbolt's: unsigned, lexicographic.
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /// Copies `array`.
    public static Bytes copyOf(byte[] array) {
        return new Bytes(array.clone(), 0, array.length);
    }

    /// Takes `array` over without copying: the caller promises never to change it again.
    public static Bytes owned(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    /// Takes a window of `array` over without copying: the caller promises never to change it again.
    public static Bytes owned(byte[] array, int offset, int length) {
        java.util.Objects.checkFromIndexSize(offset, length, array.length);
        return new Bytes(array, offset, length);
    }

    public static Bytes utf8(String text) {
        return owned(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Reads hexadecimal digits of either case.
    ///
    /// @throws IllegalArgumentException when `hex` has an odd length or another character
    public static Bytes hex(String hex) {
        return owned(HexFormat.of().parseHex(hex));
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    public byte at(int index) {
        java.util.Objects.checkIndex(index, length);
        return array[offset + index];
    }

    /// The bytes from `from` (inclusive) to `to` (exclusive), sharing this run's memory.
    public Bytes slice(int from, int to) {
        java.util.Objects.checkFromToIndex(from, to, length);
        return new Bytes(array, offset + from, to - from);
    }

    public Bytes from(int start) {
        return slice(start, length);
    }

    public Bytes concat(Bytes other) {
        byte[] joined = Arrays.copyOf(toArray(), length + other.length);
        System.arraycopy(other.array, other.offset, joined, length, other.length);
        return owned(joined);
    }

    public boolean startsWith(Bytes prefix) {
        return length >= prefix.length
                && Arrays.equals(
                        array,
                        offset,
                        offset + prefix.length,
                        prefix.array,
                        prefix.offset,
                        prefix.offset + prefix.length);
    }

    /// The index of the first `wanted` at or after `start`, or -1.
    public int indexOf(byte wanted, int start) {
        for (int i = Math.max(0, start); i < length; i++) {
            if (array[offset + i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /// A fresh copy of the bytes.
    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /// The shared array itself, for readers on a hot path: it must not be written to.
    /// The bytes begin at [#arrayOffset()].
    public byte[] sharedArray() {
        return array;
    }

    public int arrayOffset() {
        return offset;
    }

    public ByteBuffer asBuffer() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(array, offset, length);
    }

    public String toHex() {
        return HexFormat.of().formatHex(array, offset, offset + length);
    }

    /// The text these bytes encode; malformed UTF-8 becomes U+FFFD. For what is shown, see [Escape].
    public String toUtf8() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(
                array, offset, offset + length, other.array, other.offset, other.offset + other.length);
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Bytes bytes
                && Arrays.equals(
                        array, offset, offset + length, bytes.array, bytes.offset, bytes.offset + bytes.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return Escape.printable(this);
    }
}
