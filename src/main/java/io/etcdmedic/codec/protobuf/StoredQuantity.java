package io.etcdmedic.codec.protobuf;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A quantity as the apiserver stores it: `0.5` as `500m`, `1024Mi` as `1Gi`.
///
/// Source: k8s.io/apimachinery pkg/api/resource/quantity.go, ParseQuantity and CanonicalizeBytes, with the cases in
/// which it keeps a text as it was written.
final class StoredQuantity {
    private static final Pattern TEXT =
            Pattern.compile("([+-]?)([0-9]{0,60})(?:\\.([0-9]{0,60}))?([KMGTPE]i|[numkMGTPE]?|[eE][+-]?[0-9]{1,3})");
    private static final String DECIMAL = "num kMGTPE";
    private static final String BINARY = "KMGTPE";
    private static final int NANO = 9;
    private static final int EXPONENT_MAX = 100;
    /// The digits that its shorter way takes.
    private static final int SHORT_DIGITS_MAX = 18;
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    private static final BigDecimal BINARY_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private StoredQuantity() {}

    /// Empty for a text that is no quantity.
    static Optional<String> of(String text) {
        Matcher parts = TEXT.matcher(text.strip());
        boolean digits =
                parts.matches() && parts.group(2).length() + fraction(parts).length() > 0;
        return digits ? stored(parts) : Optional.empty();
    }

    private static String fraction(Matcher parts) {
        return parts.group(3) == null ? "" : parts.group(3);
    }

    private static Optional<String> stored(Matcher parts) {
        String suffix = parts.group(4);
        boolean binary = suffix.endsWith("i");
        boolean scientific = suffix.matches("[eE].+");
        int exponent = binary
                ? 10 * (BINARY.indexOf(suffix.charAt(0)) + 1)
                : scientific
                        ? Integer.parseInt(suffix.substring(1))
                        : 3 * (DECIMAL.indexOf((suffix + " ").charAt(0)) - 3);
        if (Math.abs(exponent) > EXPONENT_MAX) {
            return Optional.empty();
        }
        if (isKept(parts, binary, exponent)) {
            return Optional.of(parts.group());
        }
        BigDecimal number = new BigDecimal("0" + parts.group(2) + "." + fraction(parts) + "0");
        BigDecimal amount = binary
                ? number.multiply(new BigDecimal(BigInteger.TWO.pow(exponent))).min(BINARY_MAX)
                : number.scaleByPowerOfTen(exponent);
        amount = amount.setScale(Math.max(0, Math.min(amount.scale(), NANO)), RoundingMode.UP);
        if (amount.signum() == 0) {
            return Optional.of("0");
        }
        String sign = parts.group(1).equals("-") ? "-" : "";
        boolean whole = amount.stripTrailingZeros().scale() <= 0;
        boolean large = amount.compareTo(new BigDecimal(KIBI)) >= 0;
        return Optional.of(
                sign + (binary && whole && large ? binary(amount.toBigInteger()) : decimal(amount, scientific)));
    }

    /// Whether apimachinery takes the text for canonical: by its last digits, not by its value.
    private static boolean isKept(Matcher parts, boolean binary, int exponent) {
        String front = parts.group(2).replaceFirst("^0+", "");
        String shifted = (front.isEmpty() ? "0" : front) + fraction(parts);
        if (shifted.length() > SHORT_DIGITS_MAX) {
            return false;
        }
        if (binary) {
            boolean fits = 15 - shifted.length() - exponent * 3 / 10 - 1 >= 0;
            return fits && fraction(parts).isEmpty() && (Long.parseLong(shifted) & 7) != 0;
        }
        int scale = exponent - fraction(parts).length();
        boolean fits = scale >= -NANO && shifted.charAt(0) != '0';
        return fits && scale % 3 == 0 && !shifted.endsWith("000");
    }

    private static String binary(BigInteger amount) {
        BigInteger mantissa = amount;
        int power = 0;
        while (mantissa.mod(KIBI).signum() == 0 && power < BINARY.length()) {
            mantissa = mantissa.divide(KIBI);
            power++;
        }
        return mantissa + (power == 0 ? "" : BINARY.charAt(power - 1) + "i");
    }

    private static String decimal(BigDecimal amount, boolean scientific) {
        BigDecimal plain = amount.stripTrailingZeros();
        int exponent = Math.floorDiv(-plain.scale(), 3) * 3;
        BigInteger mantissa = plain.movePointLeft(exponent).toBigIntegerExact();
        if (exponent == 0) {
            return mantissa.toString();
        }
        int index = exponent / 3 + 3;
        boolean named = !scientific && index >= 0 && index < DECIMAL.length();
        return mantissa + (named ? Character.toString(DECIMAL.charAt(index)) : "e" + exponent);
    }
}
