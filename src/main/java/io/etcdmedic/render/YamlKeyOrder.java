package io.etcdmedic.render;

import java.util.Comparator;

/// The order of a mapping's fields in kubectl's YAML: what is no letter first, numbers within names by their value.
///
/// Source: go.yaml.in/yaml/v2 sorter.go, keyList.Less.
final class YamlKeyOrder {
    static final Comparator<String> NATURAL =
            Comparator.<String, int[]>comparing(text -> text.codePoints().toArray(), YamlKeyOrder::compare);

    private YamlKeyOrder() {}

    private static int compare(int[] a, int[] b) {
        boolean digits = false;
        for (int i = 0; i < a.length && i < b.length; i++) {
            if (a[i] != b[i]) {
                return difference(a, b, i, digits);
            }
            digits = Character.isDigit(a[i]);
        }
        return Integer.compare(a.length, b.length);
    }

    private static int difference(int[] a, int[] b, int at, boolean afterDigits) {
        boolean leftLetter = Character.isLetter(a[at]);
        boolean rightLetter = Character.isLetter(b[at]);
        if (leftLetter && rightLetter) {
            return Integer.compare(a[at], b[at]);
        }
        if (leftLetter || rightLetter) {
            return leftLetter == afterDigits ? -1 : 1;
        }
        int leftEnd = numberEnd(a, at);
        int rightEnd = numberEnd(b, at);
        int byValue = Double.compare(number(a, at, leftEnd), number(b, at, rightEnd));
        if (byValue != 0) {
            return byValue;
        }
        return leftEnd != rightEnd ? Integer.compare(leftEnd, rightEnd) : Integer.compare(a[at], b[at]);
    }

    private static int numberEnd(int[] text, int from) {
        int end = from;
        while (end < text.length && Character.isDigit(text[end])) {
            end++;
        }
        return end;
    }

    /// The digits' value; a zero that is not the number's first digit weighs as one.
    private static double number(int[] text, int from, int end) {
        double value = 0;
        for (int i = from - 1; i >= 0 && Character.isDigit(text[i]); i--) {
            if (text[i] != '0') {
                value = 1;
                break;
            }
        }
        for (int i = from; i < end; i++) {
            value = value * 10 + Character.digit(text[i], 10);
        }
        return value;
    }
}
