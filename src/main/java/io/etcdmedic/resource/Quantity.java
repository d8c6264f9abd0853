package io.etcdmedic.resource;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount as Kubernetes writes it: `500m`, `1Gi`, `2e3`, `0.5`.
///
/// Source: k8s.io/apimachinery pkg/api/resource/quantity.go.
record Quantity(BigDecimal value) implements Comparable<Quantity> {
    private static final Pattern FORM =
            Pattern.compile("([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))(|[EPTGMK]i|[numkMGTPE]|[eE][+-]?[0-9]{1,3})");
    private static final Map<String, Integer> THOUSANDS = Map.ofEntries(
            Map.entry("n", -9),
            Map.entry("u", -6),
            Map.entry("m", -3),
            Map.entry("", 0),
            Map.entry("k", 3),
            Map.entry("M", 6),
            Map.entry("G", 9),
            Map.entry("T", 12),
            Map.entry("P", 15),
            Map.entry("E", 18));

    static Optional<Quantity> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(form.group(1).endsWith(".") ? form.group(1) + "0" : form.group(1));
        String suffix = form.group(2);
        if (suffix.endsWith("i")) {
            int power = "KMGTPE".indexOf(suffix.charAt(0)) + 1;
            return Optional.of(new Quantity(number.multiply(new BigDecimal(BigInteger.TWO.pow(10 * power)))));
        }
        Integer thousands = THOUSANDS.get(suffix);
        int exponent = thousands != null
                ? thousands
                : Integer.parseInt(suffix.substring(1).replace("+", ""));
        return Optional.of(new Quantity(number.scaleByPowerOfTen(exponent)));
    }

    /// As amounts where both are, else as texts.
    static int compare(String left, String right) {
        Optional<Quantity> a = parse(left);
        Optional<Quantity> b = parse(right);
        return a.isPresent() && b.isPresent() ? a.get().compareTo(b.get()) : left.compareTo(right);
    }

    @Override
    public int compareTo(Quantity other) {
        return value.compareTo(other.value);
    }
}
