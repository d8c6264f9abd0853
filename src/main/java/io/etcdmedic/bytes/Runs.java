package io.etcdmedic.bytes;

import java.util.Arrays;

/// Runs of bytes, one behind the other in large pieces of memory: one array header for thousands of them.
///
/// They are numbered from 0 in the order in which they came. Memory: 12 bytes a run beside the run itself.
public final class Runs {
    private static final int PIECE_BITS = 18;
    private static final int PIECE = 1 << PIECE_BITS;

    private byte[][] pieces = new byte[8][];
    private int piecesUsed;
    private int fill = PIECE;
    /// Piece and place of each run, piece above [#PIECE_BITS].
    private final Longs places = new Longs();
    private final Ints lengths = new Ints();

    public int size() {
        return places.size();
    }

    /// Keeps a copy; its number.
    public int add(byte[] array, int at, int length) {
        if (fill + length > PIECE) {
            if (piecesUsed == pieces.length) {
                pieces = Arrays.copyOf(pieces, piecesUsed * 2);
            }
            pieces[piecesUsed++] = new byte[Math.max(PIECE, length)];
            fill = 0;
        }
        System.arraycopy(array, at, pieces[piecesUsed - 1], fill, length);
        places.add((long) (piecesUsed - 1) << PIECE_BITS | fill);
        lengths.add(length);
        fill = Math.min(PIECE, fill + length);
        return size() - 1;
    }

    public Bytes get(int id) {
        return Bytes.owned(array(id), at(id), lengths.get(id));
    }

    public int length(int id) {
        return lengths.get(id);
    }

    public int compare(int id, byte[] other, int otherAt, int otherLength) {
        int at = at(id);
        return Arrays.compareUnsigned(array(id), at, at + lengths.get(id), other, otherAt, otherAt + otherLength);
    }

    /// The array in which the run lies, for readers on a hot path: it must not be written to.
    public byte[] array(int id) {
        return pieces[(int) (places.get(id) >>> PIECE_BITS)];
    }

    /// Where in [#array] it begins.
    public int at(int id) {
        return (int) places.get(id) & PIECE - 1;
    }
}
