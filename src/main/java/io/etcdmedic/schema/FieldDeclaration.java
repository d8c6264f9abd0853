package io.etcdmedic.schema;

import org.jspecify.annotations.Nullable;

/// What is declared about one field, before its message is looked up.
///
/// @param type of a map: its values
/// @param keyType of a map: its keys; else null
/// @param message the full name of the message type; null for scalars
/// @param pointer absent and zero differ
/// @param late a release that stored the message did not know the field
/// @param dropped the newest release does not know the field
/// @param inline its message's fields stand among those of its parent in JSON
record FieldDeclaration(
        int number,
        String name,
        String jsonName,
        Type type,
        boolean repeated,
        @Nullable Type keyType,
        @Nullable String message,
        boolean pointer,
        boolean inline,
        Omit omit,
        boolean late,
        boolean dropped) {

    /// This field with the JSON behaviour of `other`.
    FieldDeclaration behavingAs(FieldDeclaration other) {
        return new FieldDeclaration(
                number,
                name,
                other.jsonName,
                type,
                repeated,
                keyType,
                message,
                other.pointer,
                other.inline,
                other.omit,
                other.late,
                other.dropped);
    }
}
