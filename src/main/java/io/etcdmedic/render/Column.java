package io.etcdmedic.render;

/// One column of a table.
///
/// @param heading for people
/// @param field the name as data
public record Column(String heading, String field, Unit unit) {
    public enum Unit {
        NONE,
        /// Shown in KiB, MiB, GiB to people; whole bytes as data.
        BYTES,
        /// A key, as it can be typed back: a line end in it is not a space, a backslash is doubled. See [KeyCell].
        KEY,
        /// As kubectl shows it: numbers stand at the left like words, and nothing is shown for nothing.
        KUBECTL
    }

    public static Column of(String heading, String field) {
        return new Column(heading, field, Unit.NONE);
    }

    public static Column key(String heading, String field) {
        return new Column(heading, field, Unit.KEY);
    }

    public static Column kubectl(String heading, String field) {
        return new Column(heading, field, Unit.KUBECTL);
    }

    public static Column bytes(String heading, String field) {
        return new Column(heading, field, Unit.BYTES);
    }
}
