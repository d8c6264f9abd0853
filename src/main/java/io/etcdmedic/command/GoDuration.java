package io.etcdmedic.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A time the way etcdctl and kubectl write it: `500ms`, `1m30s`, `2h`; a bare number is seconds.
public final class GoDuration implements ITypeConverter<Duration> {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)");
    private static final Pattern WHOLE = Pattern.compile("(" + PART.pattern() + ")+");

    @Override
    public Duration convert(String text) {
        return parse(text)
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is no time (500ms, 5s, 1m30s)"));
    }

    /// Empty when `text` is no time, or not above zero.
    public static java.util.Optional<Duration> parse(String text) {
        String whole = text.matches("\\d+") ? text + "s" : text;
        if (!WHOLE.matcher(whole).matches()) {
            return java.util.Optional.empty();
        }
        double milliseconds = 0;
        Matcher part = PART.matcher(whole);
        while (part.find()) {
            milliseconds += Double.parseDouble(part.group(1)) * unit(part.group(2));
        }
        return milliseconds < 1
                ? java.util.Optional.empty()
                : java.util.Optional.of(Duration.ofMillis((long) milliseconds));
    }

    private static double unit(String name) {
        return switch (name) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
    }
}
