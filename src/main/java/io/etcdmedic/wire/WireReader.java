package io.etcdmedic.wire;

import io.etcdmedic.bytes.Bytes;

/// A cursor over protobuf's wire format.
///
/// It never reads past its limit, believes no length before comparing it with what is left, and allocates
/// nothing.
/// Messages inside are read by [#enter] and [#leave]. Offsets in faults count from the first byte handed in.
/// Source: https://protobuf.dev/programming-guides/encoding
public final class WireReader {
    public static final int VARINT = 0;
    public static final int FIXED64 = 1;
    public static final int LENGTH = 2;
    public static final int GROUP_START = 3;
    public static final int GROUP_END = 4;
    public static final int FIXED32 = 5;
    /// How deep groups may nest; protobuf's own limit for messages.
    private static final int GROUP_DEPTH_MAX = 100;

    private byte[] array;
    private int base;
    private int position;
    private int limit;

    public WireReader(Bytes bytes) {
        this(bytes.sharedArray(), bytes.arrayOffset(), bytes.length());
    }

    public WireReader(byte[] array, int from, int count) {
        java.util.Objects.checkFromIndexSize(from, count, array.length);
        this.array = array;
        this.base = from;
        this.position = from;
        this.limit = from + count;
    }

    /// Starts anew on other bytes.
    public void reset(byte[] other, int from, int count) {
        java.util.Objects.checkFromIndexSize(from, count, other.length);
        array = other;
        base = from;
        position = from;
        limit = from + count;
    }

    public static int number(int tag) {
        return tag >>> 3;
    }

    public static int type(int tag) {
        return tag & 7;
    }

    public byte[] array() {
        return array;
    }

    /// Where the next byte is read, as an index of [#array()].
    public int position() {
        return position;
    }

    public int limit() {
        return limit;
    }

    /// Where the next byte is read, counted from the first byte handed in.
    public int offset() {
        return position - base;
    }

    public boolean atEnd() {
        return position >= limit;
    }

    /// Moves to an index of [#array()] that was read before.
    public void seek(int index) {
        if (index < base || index > limit) {
            throw new IllegalArgumentException("index " + index);
        }
        position = index;
    }

    /// The next field's tag.
    ///
    /// @throws WireFault when the number is 0 or the wire type 6 or 7
    public int tag() {
        int start = position;
        if (position < limit && array[position] > 7) {
            int tag = array[position++];
            if ((tag & 7) <= FIXED32) {
                return tag;
            }
        }
        position = start;
        long tag = varint();
        if (tag >>> 3 == 0 || tag >>> 32 != 0) {
            throw new WireFault("field number " + (tag >>> 3), start - base);
        }
        if ((tag & 7) > FIXED32) {
            throw new WireFault("wire type " + (tag & 7) + " of field " + (tag >>> 3), start - base);
        }
        return (int) tag;
    }

    /// Reads the next field's tag when it is `tag`, as a writer would write it; else nothing.
    public boolean takes(int tag) {
        int at = position;
        int rest = tag;
        while ((rest & ~0x7f) != 0) {
            if (at >= limit || array[at++] != (byte) (rest & 0x7f | 0x80)) {
                return false;
            }
            rest >>>= 7;
        }
        if (at >= limit || array[at] != rest) {
            return false;
        }
        position = at + 1;
        return true;
    }

    /// A varint of at most ten bytes; what goes beyond 64 bits is dropped, as Go's generated readers do.
    public long varint() {
        if (position < limit && array[position] >= 0) {
            return array[position++];
        }
        return longVarint();
    }

    private long longVarint() {
        long value = 0;
        for (int shift = 0, i = position; shift < 70; shift += 7, i++) {
            if (i >= limit) {
                throw new WireFault("the end within a varint", position - base);
            }
            byte b = array[i];
            value |= shift < 64 ? (long) (b & 0x7f) << shift : 0;
            if (b >= 0) {
                position = i + 1;
                return value;
            }
        }
        throw new WireFault("a varint of more than 10 bytes", position - base);
    }

    public long fixed64() {
        need(8);
        long value = (fixed32() & 0xffffffffL);
        return value | (long) fixed32() << 32;
    }

    public int fixed32() {
        need(4);
        int at = position;
        position += 4;
        return array[at] & 0xff | (array[at + 1] & 0xff) << 8 | (array[at + 2] & 0xff) << 16 | array[at + 3] << 24;
    }

    /// The length of what follows: it is all there.
    public int length() {
        int start = position;
        long length = varint();
        if (length < 0 || length > limit - position) {
            throw new WireFault(
                    "a length of " + Long.toUnsignedString(length) + " where " + (limit - position) + " bytes are left",
                    start - base);
        }
        return (int) length;
    }

    /// The bytes of a length-delimited field, sharing memory.
    public Bytes bytes() {
        int length = length();
        position += length;
        return Bytes.owned(array, position - length, length);
    }

    public void skipBytes(int count) {
        need(count);
        position += count;
    }

    /// Narrows the reader to the next `length` bytes and returns the limit for [#leave].
    public int enter(int length) {
        need(length);
        int outer = limit;
        limit = position + length;
        return outer;
    }

    /// Goes on behind the bytes that were entered.
    public void leave(int outer) {
        position = limit;
        limit = outer;
    }

    /// Skips the value of a field whose tag was just read, a group with all that is in it.
    public void skip(int tag) {
        switch (type(tag)) {
            case VARINT -> varint();
            case FIXED64 -> skipBytes(8);
            case LENGTH -> skipBytes(length());
            case GROUP_START -> skipGroup(tag);
            case FIXED32 -> skipBytes(4);
            default -> throw new WireFault("the end of a group that did not begin", position - base);
        }
    }

    private void skipGroup(int tag) {
        int start = position;
        int[] open = new int[GROUP_DEPTH_MAX];
        int depth = 0;
        open[depth++] = number(tag);
        while (depth > 0) {
            int inner = tag();
            if (type(inner) == GROUP_START) {
                if (depth == GROUP_DEPTH_MAX) {
                    throw new WireFault("groups nested deeper than " + GROUP_DEPTH_MAX, start - base);
                }
                open[depth++] = number(inner);
            } else if (type(inner) != GROUP_END) {
                skip(inner);
            } else if (open[--depth] != number(inner)) {
                throw new WireFault("the end of another group", position - base);
            }
        }
    }

    private void need(int count) {
        if (count < 0 || count > limit - position) {
            throw new WireFault((limit - position) + " bytes where " + count + " are needed", position - base);
        }
    }
}
