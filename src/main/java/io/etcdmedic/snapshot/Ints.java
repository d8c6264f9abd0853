package io.etcdmedic.snapshot;

import java.util.Arrays;

/// A growing array of ints in pieces, so that growing never needs twice the memory.
final class Ints {
    private static final int PIECE_BITS = 14;
    private static final int PIECE = 1 << PIECE_BITS;

    private int[][] pieces = new int[4][];
    private int size;

    int size() {
        return size;
    }

    int get(int index) {
        return pieces[index >>> PIECE_BITS][index & PIECE - 1];
    }

    void set(int index, int value) {
        pieces[index >>> PIECE_BITS][index & PIECE - 1] = value;
    }

    void add(int value) {
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
