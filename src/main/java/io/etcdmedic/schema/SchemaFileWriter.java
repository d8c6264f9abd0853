package io.etcdmedic.schema;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes a [SchemaFile]; part of the build, not of the jar.
final class SchemaFileWriter {
    /// Far more than Kubernetes needs; a file that outgrows it fails the build.
    private static final int FILE_BYTES_MAX = 8 << 20;

    private final List<MessageDeclaration> messages;
    private final List<Kind> kinds;
    private final Map<String, Integer> strings = new LinkedHashMap<>();
    private final Map<String, Integer> messageNumbers = new HashMap<>();

    private SchemaFileWriter(List<MessageDeclaration> messages, List<Kind> kinds) {
        this.messages = messages.stream()
                .sorted(Comparator.comparing(MessageDeclaration::name))
                .toList();
        this.kinds = kinds.stream()
                .sorted(Comparator.comparing(Kind::apiVersion).thenComparing(Kind::kind))
                .toList();
    }

    /// @throws IllegalArgumentException when a field refers to a message that is not there
    static byte[] write(List<MessageDeclaration> messages, List<Kind> kinds) {
        return new SchemaFileWriter(messages, kinds).write();
    }

    private byte[] write() {
        for (MessageDeclaration message : messages) {
            messageNumbers.put(message.name(), messageNumbers.size());
        }
        ByteBuffer records = ByteBuffer.allocate(FILE_BYTES_MAX);
        int[] offsets = new int[messages.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = records.position();
            putMessage(records, messages.get(i));
        }
        ByteBuffer tables = ByteBuffer.allocate(FILE_BYTES_MAX);
        // Twice: the first pass numbers the strings, the second knows how much room they take.
        putTables(tables, offsets, 0);
        int recordsAt = tables.position();
        putTables(tables.clear(), offsets, recordsAt);
        return ByteBuffer.allocate(recordsAt + records.position())
                .put(tables.flip())
                .put(records.flip())
                .array();
    }

    private void putTables(ByteBuffer out, int[] offsets, int recordsAt) {
        messages.forEach(m -> number(m.name()));
        for (Kind kind : kinds) {
            number(kind.apiVersion());
            number(kind.kind());
        }
        out.putInt(SchemaFile.MAGIC)
                .putInt(messages.size())
                .putInt(kinds.size())
                .putInt(strings.size());
        for (int i = 0; i < offsets.length; i++) {
            out.putInt(number(messages.get(i).name())).putInt(recordsAt + offsets[i]);
        }
        for (Kind kind : kinds) {
            out.putInt(number(kind.apiVersion())).putInt(number(kind.kind())).putInt(messageNumber(kind.message()));
        }
        int end = 0;
        for (String string : strings.keySet()) {
            end += string.getBytes(StandardCharsets.UTF_8).length;
            out.putInt(end);
        }
        strings.keySet().forEach(s -> out.put(s.getBytes(StandardCharsets.UTF_8)));
    }

    private void putMessage(ByteBuffer out, MessageDeclaration message) {
        out.put((byte) (message.form().ordinal() | (message.kind() ? SchemaFile.KIND : 0)));
        out.putShort(unsignedShort(message.fields().size()));
        message.fields().forEach(f -> putField(out, f));
    }

    private void putField(ByteBuffer out, FieldDeclaration field) {
        int flags = (field.repeated() ? SchemaFile.REPEATED : 0)
                | (field.keyType() == null ? 0 : SchemaFile.MAP)
                | (field.pointer() ? SchemaFile.POINTER : 0)
                | (field.inline() ? SchemaFile.INLINE : 0)
                | (field.late() ? SchemaFile.LATE : 0)
                | (field.dropped() ? SchemaFile.DROPPED : 0)
                | field.omit().ordinal() << SchemaFile.OMIT_SHIFT;
        out.putShort(unsignedShort(field.number()))
                .put((byte) field.type().ordinal())
                .put((byte) flags);
        out.putShort(unsignedShort(number(field.name()))).putShort(unsignedShort(number(field.jsonName())));
        Type keyType = field.keyType();
        if (keyType != null) {
            out.put((byte) keyType.ordinal());
        }
        String message = field.message();
        if (message != null) {
            out.putShort(unsignedShort(messageNumber(message)));
        }
    }

    private int number(String string) {
        return strings.computeIfAbsent(string, _ -> strings.size());
    }

    private int messageNumber(String name) {
        Integer number = messageNumbers.get(name);
        if (number == null) {
            throw new IllegalArgumentException("no message " + name);
        }
        return number;
    }

    private static short unsignedShort(int number) {
        if (number < 0 || number > 0xffff) {
            throw new IllegalArgumentException(number + " does not fit 16 bits");
        }
        return (short) number;
    }
}
