package io.etcdmedic.snapshot;

import java.util.Arrays;

/// Orders keys: quicksort by seven bytes at a time, so that the long beginnings that keys share are read once.
final class KeySort {
    private static final int SMALL = 12;
    /// Keys of Kubernetes are shorter; beyond it, a sort that does not nest takes over.
    private static final int DEPTH_MAX = 2048;

    private final KeyArena keys;
    private final int[] order;
    private final long[] words;

    private KeySort(KeyArena keys) {
        this.keys = keys;
        this.order = new int[keys.size()];
        this.words = new long[keys.size()];
    }

    /// The numbers of all keys, in key order.
    static int[] order(KeyArena keys) {
        KeySort sort = new KeySort(keys);
        for (int i = 0; i < sort.order.length; i++) {
            sort.order[i] = i;
        }
        sort.byBytes(0, sort.order.length, 0);
        return sort.order;
    }

    private void byBytes(int low, int high, int depth) {
        if (high - low <= SMALL) {
            insertion(low, high);
            return;
        }
        if (depth > DEPTH_MAX) {
            int[] sorted = Arrays.stream(order, low, high)
                    .boxed()
                    .sorted(keys::compare)
                    .mapToInt(Integer::intValue)
                    .toArray();
            System.arraycopy(sorted, 0, order, low, sorted.length);
            return;
        }
        for (int i = low; i < high; i++) {
            words[i] = keys.word(order[i], depth);
        }
        byWords(low, high, depth);
    }

    /// Sorts by [#words], which hold the bytes from `depth` on; keys with equal words go on seven bytes later.
    private void byWords(int from, int to, int depth) {
        int low = from;
        int high = to;
        while (high - low > SMALL) {
            long pivot = median(words[low], words[low + high >>> 1], words[high - 1]);
            int less = low;
            int greater = high;
            int i = low;
            while (i < greater) {
                int compared = Long.compareUnsigned(words[i], pivot);
                if (compared < 0) {
                    swap(i++, less++);
                } else if (compared > 0) {
                    swap(i, --greater);
                } else {
                    i++;
                }
            }
            byBytes(less, greater, depth + 7);
            if (less - low < high - greater) {
                byWords(low, less, depth);
                low = greater;
            } else {
                byWords(greater, high, depth);
                high = less;
            }
        }
        insertion(low, high);
    }

    private static long median(long a, long b, long c) {
        if (Long.compareUnsigned(a, b) > 0) {
            return median(b, a, c);
        }
        return Long.compareUnsigned(c, a) < 0 ? a : Long.compareUnsigned(c, b) < 0 ? c : b;
    }

    private void insertion(int low, int high) {
        for (int i = low + 1; i < high; i++) {
            int id = order[i];
            int j = i;
            while (j > low && keys.compare(order[j - 1], id) > 0) {
                order[j] = order[j - 1];
                j--;
            }
            order[j] = id;
        }
    }

    private void swap(int i, int j) {
        int id = order[i];
        order[i] = order[j];
        order[j] = id;
        long word = words[i];
        words[i] = words[j];
        words[j] = word;
    }
}
