package io.etcdmedic.finding;

import java.util.Locale;

/// How bad it is, worst last but one: what could not be looked at is neither good nor bad.
public enum Severity {
    OK,
    WARNING,
    ERROR,
    /// Could not be judged; the finding says what could not be read and why.
    UNKNOWN;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
