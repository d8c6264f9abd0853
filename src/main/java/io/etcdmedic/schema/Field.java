package io.etcdmedic.schema;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One field of a [MessageType]: how it stands on the wire and how in JSON.
///
/// Safe for many threads; the message behind a field is looked up when first asked for.
public final class Field {
    private final Schema schema;
    private final FieldDeclaration declaration;
    private final byte[] jsonKey;
    private @Nullable MessageType message;

    Field(Schema schema, FieldDeclaration declaration) {
        this.schema = schema;
        this.declaration = declaration;
        this.jsonKey = ('"' + declaration.jsonName() + "\":").getBytes(StandardCharsets.UTF_8);
    }

    public int number() {
        return declaration.number();
    }

    public String protoName() {
        return declaration.name();
    }

    public String jsonName() {
        return declaration.jsonName();
    }

    /// The name as JSON has it, `"name":`, in UTF-8. The shared array itself: it must not be
    /// written to.
    public byte[] jsonKey() {
        return jsonKey;
    }

    /// The type of the value; of one element when [#repeated()], of one value when [#map()].
    public Type type() {
        return declaration.type();
    }

    /// Whether the field is a list. A map is not.
    public boolean repeated() {
        return declaration.repeated();
    }

    /// Whether the field is a map: on the wire repeated entries of key = 1 and value = 2.
    public boolean map() {
        return declaration.keyType() != null;
    }

    /// The type of a map's keys.
    ///
    /// @throws IllegalStateException when this is no map
    public Type keyType() {
        Type type = declaration.keyType();
        if (type == null) {
            throw new IllegalStateException(declaration.name() + " is no map");
        }
        return type;
    }

    /// Whether absent and zero differ. Kubernetes writes every other single field to the wire, also
    /// when it is zero (bytes only when they are set).
    public boolean pointer() {
        return declaration.pointer();
    }

    /// Whether a release that stored this type did not know the field, so that its absence is no zero.
    public boolean late() {
        return declaration.late();
    }

    /// Whether the newest release has dropped the field: it reads the object without it.
    public boolean dropped() {
        return declaration.dropped();
    }

    public Omit omit() {
        return declaration.omit();
    }

    /// Whether the fields of [#message()] stand among those of its parent in JSON; the field's own
    /// name is not used.
    public boolean inline() {
        return declaration.inline();
    }

    /// The message type of the value, of one element, or of a map's values.
    ///
    /// @throws IllegalStateException when [#type()] is not `MESSAGE`
    public MessageType message() {
        MessageType found = message;
        if (found == null) {
            String name = declaration.message();
            if (name == null) {
                throw new IllegalStateException(declaration.name() + " is a " + declaration.type() + ", no message");
            }
            found = schema.required(name);
            message = found;
        }
        return found;
    }

    @Override
    public String toString() {
        return declaration.name() + " = " + declaration.number();
    }
}
