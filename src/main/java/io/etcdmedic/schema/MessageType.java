package io.etcdmedic.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One message type: its fields by number and by JSON name, and the form it takes in JSON.
///
/// Compared by identity: a schema makes each of its types once. Safe for many threads.
public final class MessageType {
    private static final String OBJECT_META = "k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    /// Kubernetes' own numbers end below 50; a table by number beats a search up to here.
    private static final int TABLE_NUMBER_MAX = 1023;

    private final String name;
    private final Form form;
    private final boolean kind;
    private final List<Field> fields;
    private final @Nullable Field[] table;
    private final boolean hasObjectMeta;

    MessageType(Schema schema, MessageDeclaration declaration) {
        this.name = declaration.name();
        this.form = declaration.form();
        this.kind = declaration.kind();
        this.fields = fields(schema, declaration.fields());
        this.table = table(fields);
        this.hasObjectMeta = hasObjectMeta(declaration.fields());
    }

    /// The full name: `k8s.io.api.core.v1.Pod`.
    public String name() {
        return name;
    }

    public Form form() {
        return form;
    }

    /// Whether it can stand alone. Its JSON may then have `apiVersion` and `kind`, also where it is nested, as in a
    /// StatefulSet's `volumeClaimTemplates`; the wire has them only in the envelope.
    public boolean isKind() {
        return kind;
    }

    /// The field with this number, or null when no release knew one. On the path of every decoded
    /// field.
    public @Nullable Field field(int number) {
        if (number >= 0 && number < table.length) {
            return table[number];
        }
        return number <= TABLE_NUMBER_MAX ? null : search(number);
    }

    /// All fields in order of their numbers, which is the order Kubernetes writes them in.
    public List<Field> fields() {
        return fields;
    }

    /// The field of this name in JSON; not those that an inlined message brings in.
    public Optional<Field> named(String jsonName) {
        for (Field field : fields) {
            if (!field.inline() && field.jsonName().equals(jsonName)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /// Whether the message has `metadata` of type `ObjectMeta`, as every stored object does.
    public boolean hasObjectMeta() {
        return hasObjectMeta;
    }

    private @Nullable Field search(int number) {
        for (Field field : fields) {
            if (field.number() == number) {
                return field;
            }
        }
        return null;
    }

    private static List<Field> fields(Schema schema, List<FieldDeclaration> declarations) {
        List<Field> fields = new ArrayList<>(declarations.size());
        for (FieldDeclaration declaration : declarations) {
            fields.add(new Field(schema, declaration));
        }
        return Collections.unmodifiableList(fields);
    }

    private static @Nullable Field[] table(List<Field> fields) {
        int max = -1;
        for (Field field : fields) {
            max = field.number() <= TABLE_NUMBER_MAX ? Math.max(max, field.number()) : max;
        }
        @Nullable Field[] table = new Field[max + 1];
        for (Field field : fields) {
            if (field.number() <= max) {
                table[field.number()] = field;
            }
        }
        return table;
    }

    private static boolean hasObjectMeta(List<FieldDeclaration> declarations) {
        for (FieldDeclaration field : declarations) {
            if (field.name().equals("metadata") && OBJECT_META.equals(field.message()) && !field.repeated()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return name;
    }
}
