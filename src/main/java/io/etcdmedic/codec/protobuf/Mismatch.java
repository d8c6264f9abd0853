package io.etcdmedic.codec.protobuf;

/// A document that does not fit its type. Whoever encodes makes a [io.etcdmedic.failure.Failure] of it.
public final class Mismatch extends RuntimeException {
    private final String path;
    private final String expected;

    Mismatch(String found, String expected) {
        this(found, expected, "");
    }

    private Mismatch(String found, String expected, String path) {
        super(found, null, false, false);
        this.path = path;
        this.expected = expected;
    }

    /// The same, seen from the field that holds it.
    Mismatch within(String field) {
        boolean joined = path.isEmpty() || path.startsWith("[");
        return new Mismatch(found(), expected, joined ? field + path : field + "." + path);
    }

    /// The fields that lead to it, outermost first; empty for the whole document.
    public String path() {
        return path;
    }

    public String found() {
        return String.valueOf(getMessage());
    }

    public String expected() {
        return expected;
    }
}
