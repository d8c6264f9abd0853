package io.etcdmedic.resource;

import java.time.Duration;

/// A duration in two or three figures, as kubectl shows ages: `45s`, `3m10s`, `5h20m`, `7d4h`, `2y30d`.
///
/// Source: k8s.io/apimachinery pkg/util/duration/duration.go.
public final class HumanDuration {
    private HumanDuration() {}

    public static String of(Duration duration) {
        // Go truncates towards zero, and clocks of two machines may differ by two seconds.
        long seconds = duration.isNegative() ? -duration.negated().toSeconds() : duration.toSeconds();
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 120) {
            return Math.max(0, seconds) + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return two(minutes, "m", seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 8) {
            return two(hours, "h", minutes % 60, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        return days(hours);
    }

    private static String days(long hours) {
        if (hours < 24 * 8) {
            return two(hours / 24, "d", hours % 24, "h");
        }
        if (hours < 24 * 365 * 2) {
            return hours / 24 + "d";
        }
        return hours < 24 * 365 * 8 ? two(hours / 24 / 365, "y", hours / 24 % 365, "d") : hours / 24 / 365 + "y";
    }

    private static String two(long large, String unit, long small, String smallUnit) {
        return small == 0 ? large + unit : large + unit + small + smallUnit;
    }
}
