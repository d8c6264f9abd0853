package io.etcdmedic.node.nix;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// The option that was meant.
final class Spelling {
    private static final int EDITS_MAX = 3;

    private Spelling() {}

    /// The declared option nearest to `name`, when it is a few letters away.
    static Optional<String> nearest(String name, Collection<OptionValue> options) {
        return options.stream()
                .filter(OptionValue::declared)
                .map(OptionValue::option)
                .filter(candidate -> Math.abs(candidate.length() - name.length()) <= EDITS_MAX)
                .min(Comparator.comparingInt(candidate -> edits(name, candidate)))
                .filter(candidate -> edits(name, candidate) <= EDITS_MAX);
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.min(cost, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
