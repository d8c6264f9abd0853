package io.etcdmedic.codec.protobuf;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Fractions and durations as Go writes and reads them.
///
/// Source: Go encoding/json (floatEncoder) and time (Duration.String, ParseDuration).
final class GoNumbers {
    private static final Pattern DURATION_PART = Pattern.compile("([0-9]*)(\\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)");
    private static final long SECOND = 1_000_000_000L;

    private GoNumbers() {}

    /// @throws IllegalArgumentException for what JSON has no number for
    static String json(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(Double.toString(value));
        }
        return value == 0 ? (1 / value < 0 ? "-0" : "0") : shortest(new BigDecimal(Double.toString(value)), value);
    }

    static String json(float value) {
        if (Float.isNaN(value) || Float.isInfinite(value)) {
            throw new IllegalArgumentException(Float.toString(value));
        }
        return value == 0 ? (1 / value < 0 ? "-0" : "0") : shortest(new BigDecimal(Float.toString(value)), value);
    }

    /// Go turns to exponents below 1e-6 and from 1e21 on, and writes them without leading zeros.
    private static String shortest(BigDecimal digits, double value) {
        double magnitude = Math.abs(value);
        BigDecimal exact = digits.stripTrailingZeros();
        if (magnitude >= 1e-6 && magnitude < 1e21) {
            return exact.toPlainString();
        }
        String unscaled = exact.unscaledValue().abs().toString();
        int exponent = unscaled.length() - 1 - exact.scale();
        String fraction = unscaled.length() == 1 ? "" : "." + unscaled.substring(1);
        String sign = exponent < 0 ? "-" : "+";
        return (value < 0 ? "-" : "") + unscaled.charAt(0) + fraction + "e" + sign
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    /// `1h30m0s`, `1.5s`, `2µs`, `0s`.
    static String duration(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        BigInteger magnitude = BigInteger.valueOf(nanos).abs();
        String sign = nanos < 0 ? "-" : "";
        if (magnitude.compareTo(BigInteger.valueOf(SECOND)) < 0) {
            long small = magnitude.longValue();
            return sign
                    + (small < 1_000
                            ? small + "ns"
                            : small < 1_000_000 ? fraction(small, 3) + "µs" : fraction(small, 6) + "ms");
        }
        BigInteger[] split = magnitude.divideAndRemainder(BigInteger.valueOf(60 * SECOND));
        long minutes = split[0].longValue();
        String seconds = fraction(split[1].longValue(), 9) + "s";
        if (minutes == 0) {
            return sign + seconds;
        }
        return sign + (minutes < 60 ? "" : minutes / 60 + "h") + minutes % 60 + "m" + seconds;
    }

    private static String fraction(long number, int decimals) {
        return BigDecimal.valueOf(number, decimals).stripTrailingZeros().toPlainString();
    }

    /// Nanoseconds; empty when Go would refuse it.
    static Optional<Long> duration(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String rest = signed ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Optional.of(0L);
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = DURATION_PART.matcher(rest);
        int at = 0;
        while (at < rest.length()) {
            if (!part.find(at) || part.start() != at || part.group(1).isEmpty() && isEmpty(part.group(3))) {
                return Optional.empty();
            }
            String digits = (part.group(1).isEmpty() ? "0" : part.group(1))
                    + (isEmpty(part.group(3)) ? "" : "." + part.group(3));
            nanos = nanos.add(new BigDecimal(digits).multiply(BigDecimal.valueOf(unit(part.group(4)))));
            at = part.end();
        }
        BigInteger whole = (text.startsWith("-") ? nanos.negate() : nanos).toBigInteger();
        return rest.isEmpty() || whole.bitLength() >= Long.SIZE ? Optional.empty() : Optional.of(whole.longValue());
    }

    private static boolean isEmpty(@org.jspecify.annotations.Nullable String group) {
        return group == null || group.isEmpty();
    }

    private static long unit(String word) {
        return switch (word) {
            case "ns" -> 1;
            case "ms" -> 1_000_000;
            case "s" -> SECOND;
            case "m" -> 60 * SECOND;
            case "h" -> 3600 * SECOND;
            default -> 1_000;
        };
    }
}
