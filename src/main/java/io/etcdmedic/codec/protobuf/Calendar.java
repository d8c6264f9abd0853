package io.etcdmedic.codec.protobuf;

import io.etcdmedic.document.JsonOutput;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// Moments as Kubernetes writes them: RFC 3339 in UTC, in whole seconds or in microseconds.
final class Calendar {
    /// Go's zero time, 1 January of the year 1, in seconds since 1970: it is written as null.
    static final long ZERO_SECONDS = -62_135_596_800L;
    /// The years 0000 to 9999, which is what RFC 3339 can write.
    private static final long SECONDS_MIN = -62_167_219_200L;

    private static final long SECONDS_MAX = 253_402_300_799L;
    private static final int DAY_SECONDS = 86_400;
    private static final int DAYS_TO_0000 = 719_468;

    private Calendar() {}

    /// A moment on the wire.
    record Moment(long seconds, int nanos) {}

    static boolean holds(long seconds) {
        return seconds >= SECONDS_MIN && seconds <= SECONDS_MAX;
    }

    /// Writes one moment with its quotes.
    ///
    /// The date is found by days counted from 1 March 0000. Source: H. Hinnant, chrono-Compatible Low-Level
    /// Date Algorithms, civil_from_days.
    ///
    /// @param micros from 0 to 999,999; negative for whole seconds
    static void write(long seconds, int micros, JsonOutput out) {
        long days = Math.floorDiv(seconds, (long) DAY_SECONDS);
        int second = (int) (seconds - days * DAY_SECONDS);
        int shifted = (int) days + DAYS_TO_0000;
        int era = Math.floorDiv(shifted, 146_097);
        int dayOfEra = shifted - era * 146_097;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int march = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * march + 2) / 5 + 1;
        int month = march < 10 ? march + 3 : march - 9;
        int year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        out.moment(year, month, day, second, micros);
    }

    /// Reads RFC 3339 with any offset and fraction; empty for anything else.
    static Optional<Moment> parse(String text) {
        try {
            OffsetDateTime moment = OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME);
            return holds(moment.toEpochSecond())
                    ? Optional.of(new Moment(moment.toEpochSecond(), moment.getNano()))
                    : Optional.empty();
        } catch (DateTimeException wrong) {
            return Optional.empty();
        }
    }
}
