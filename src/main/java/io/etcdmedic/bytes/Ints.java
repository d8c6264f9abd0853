package io.etcdmedic.bytes;

import java.util.Arrays;

/// A growing array of ints in pieces, so that growing never needs twice the memory.
public final class Ints {
    private static final int PIECE_BITS = 14;
    private static final int PIECE = 1 << PIECE_BITS;

    private int[][] pieces = new int[4][];
    private int size;

    public int size() {
        return size;
    }

    public int get(int index) {
        return pieces[index >>> PIECE_BITS][index & PIECE - 1];
    }

    public void set(int index, int value) {
        pieces[index >>> PIECE_BITS][index & PIECE - 1] = value;
    }

    public void add(int value) {
        int piece = size >>> PIECE_BITS;
        if ((size & PIECE - 1) == 0) {
            if (piece == pieces.length) {
                pieces = Arrays.copyOf(pieces, piece * 2);
            }
            pieces[piece] = new int[PIECE];
        }
        pieces[piece][size++ & PIECE - 1] = value;
    }
}
