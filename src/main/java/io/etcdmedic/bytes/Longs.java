package io.etcdmedic.bytes;

import java.util.Arrays;

/// A growing array of longs in pieces, so that growing never needs twice the memory.
public final class Longs {
    private static final int PIECE_BITS = 14;
    private static final int PIECE = 1 << PIECE_BITS;

    private long[][] pieces = new long[4][];
    private int size;

    public int size() {
        return size;
    }

    public long get(int index) {
        return pieces[index >>> PIECE_BITS][index & PIECE - 1];
    }

    public void set(int index, long value) {
        pieces[index >>> PIECE_BITS][index & PIECE - 1] = value;
    }

    public void add(long value) {
        int piece = size >>> PIECE_BITS;
        if ((size & PIECE - 1) == 0) {
            if (piece == pieces.length) {
                pieces = Arrays.copyOf(pieces, piece * 2);
            }
            pieces[piece] = new long[PIECE];
        }
        pieces[piece][size++ & PIECE - 1] = value;
    }
}
