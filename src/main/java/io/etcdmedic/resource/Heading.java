package io.etcdmedic.resource;

/// A column's name as people read it, and whether only `-o wide` shows the column.
public record Heading(String name, boolean wide) {
    /// @param text the name; a `+` before it marks a column of `-o wide`
    static Heading of(String text) {
        return text.startsWith("+") ? new Heading(text.substring(1), true) : new Heading(text, false);
    }
}
