package io.etcdmedic.codec.protobuf;

import io.etcdmedic.schema.Field;
import io.etcdmedic.schema.Form;
import io.etcdmedic.schema.MessageType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One message type, laid out for a reader that meets its fields by number.
final class Shape {
    /// A table by number beats a search up to here; Kubernetes' own numbers end below 50.
    private static final int TABLE_NUMBER_MAX = 255;

    private final String name;
    private final Form form;
    private final boolean kind;
    private final boolean objectMeta;
    private final Slot[] ascending;
    private final @Nullable Slot[] table;
    private final Map<Integer, Slot> beyond = new HashMap<>();
    private final Slot[] nulls;
    private @Nullable Set<String> jsonNames;

    Shape(Shapes shapes, MessageType type) {
        this.name = type.name();
        this.form = type.form();
        this.kind = type.isKind();
        this.objectMeta = type.hasObjectMeta();
        List<Slot> slots = new ArrayList<>();
        List<Slot> always = new ArrayList<>();
        for (Field field : type.fields()) {
            Slot slot = new Slot(shapes, field, always.size());
            slots.add(slot);
            if (slot.writtenAsNull()) {
                always.add(slot);
            }
        }
        this.ascending = slots.toArray(Slot[]::new);
        this.nulls = always.toArray(Slot[]::new);
        this.table = table();
    }

    /// A message of which no field is known.
    Shape() {
        this.name = "";
        this.form = Form.MESSAGE;
        this.kind = false;
        this.objectMeta = false;
        this.ascending = new Slot[0];
        this.nulls = new Slot[0];
        this.table = new Slot[0];
    }

    private @Nullable Slot[] table() {
        int last = 0;
        for (Slot slot : ascending) {
            if (slot.number <= TABLE_NUMBER_MAX) {
                last = Math.max(last, slot.number);
            } else {
                beyond.put(slot.number, slot);
            }
        }
        @Nullable Slot[] byNumber = new Slot[last + 1];
        for (Slot slot : ascending) {
            if (slot.number <= last) {
                byNumber[slot.number] = slot;
            }
        }
        return byNumber;
    }

    Form form() {
        return form;
    }

    /// Whether its JSON may have apiVersion and kind: the wire has them in the envelope only.
    boolean mayNameKind() {
        return kind || name.isEmpty();
    }

    /// Whether the JSON may have a field of this name, its own or one that an inlined message brings in.
    boolean hasJsonName(String jsonName) {
        Set<String> names = jsonNames;
        if (names == null) {
            names = new HashSet<>();
            for (Slot slot : ascending) {
                if (slot.count == Slot.Count.INLINE) {
                    names.addAll(slot.child().jsonNames());
                } else {
                    names.add(slot.jsonName());
                }
            }
            jsonNames = names;
        }
        return names.contains(jsonName);
    }

    private Set<String> jsonNames() {
        boolean _ = hasJsonName("");
        return Objects.requireNonNull(jsonNames);
    }

    String name() {
        return name;
    }

    boolean hasObjectMeta() {
        return objectMeta;
    }

    @Nullable
    Slot slot(int number) {
        if (number < table.length) {
            return table[number];
        }
        return beyond.isEmpty() ? null : beyond.get(number);
    }

    /// The field with this number, which the form of the type says is there.
    Slot required(int number) {
        Slot slot = slot(number);
        if (slot == null) {
            throw new IllegalStateException(name() + " has no field " + number);
        }
        return slot;
    }

    /// All fields in order of their numbers. Not to be changed.
    Slot[] ascending() {
        return ascending;
    }

    /// The fields that JSON shows as `null` when they are not on the wire. Not to be changed.
    Slot[] nulls() {
        return nulls;
    }
}
