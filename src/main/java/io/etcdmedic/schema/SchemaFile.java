package io.etcdmedic.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The compiled schema: a resource whose tables are searched in place, so that opening it parses
/// nothing.
///
/// Shape, big-endian, offsets from the start of the file, a string or message meaning its number in its
/// table:
/// ```
/// int magic, messages, kinds, strings
/// messages × { int name string, int offset of the message }    sorted by name
/// kinds    × { int apiVersion string, int kind string, int message }    sorted by apiVersion, kind
/// strings  × { int end, counted from the first string }, then the strings in UTF-8
/// message:  byte form (and 64 for a kind), short fields, fields × field
/// field:    short number, byte type, byte flags, short name string, short JSON name string,
///           [byte type of the keys when a map], [short message when its type is MESSAGE]
/// ```
/// [SchemaFileWriter] writes it at build time; it never leaves the jar it was built into.
final class SchemaFile implements Declarations {
    static final int MAGIC = 0x4d53_4331;
    static final int HEADER_BYTES = 16;
    static final int MESSAGE_BYTES = 8;
    static final int KIND_BYTES = 12;
    static final int KIND = 64;
    static final int REPEATED = 1;
    static final int MAP = 2;
    static final int POINTER = 4;
    static final int INLINE = 8;
    static final int OMIT_SHIFT = 4;
    static final int OMIT_MASK = 3;
    static final int LATE = 64;
    static final int DROPPED = 128;

    private static final String RESOURCE = "schema.bin";
    private static final Form[] FORMS = Form.values();
    private static final Type[] TYPES = Type.values();
    private static final Omit[] OMITS = Omit.values();

    private final ByteBuffer file;
    private final int messages;
    private final int kinds;
    private final int kindsAt;
    private final int stringEndsAt;
    private final int stringsAt;
    /// Filled as strings are asked for; a race fills an entry twice with equal strings.
    private final @Nullable String[] strings;

    SchemaFile(byte[] bytes) {
        file = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER_BYTES || file.getInt(0) != MAGIC) {
            throw new IllegalStateException("the schema in this jar is of another build");
        }
        messages = file.getInt(4);
        kinds = file.getInt(8);
        int stringCount = file.getInt(12);
        kindsAt = HEADER_BYTES + messages * MESSAGE_BYTES;
        stringEndsAt = kindsAt + kinds * KIND_BYTES;
        stringsAt = stringEndsAt + stringCount * Integer.BYTES;
        strings = new String[stringCount];
    }

    static SchemaFile builtIn() {
        try (InputStream in = SchemaFile.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the jar was built without its schema " + RESOURCE);
            }
            return new SchemaFile(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<MessageDeclaration> message(String fullName) {
        int low = 0;
        int high = messages - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = messageName(middle).compareTo(fullName);
            if (order == 0) {
                return Optional.of(readMessage(middle));
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> kind(String apiVersion, String kind) {
        int low = 0;
        int high = kinds - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = string(file.getInt(kindAt(middle))).compareTo(apiVersion);
            if (order == 0) {
                order = string(file.getInt(kindAt(middle) + 4)).compareTo(kind);
            }
            if (order == 0) {
                return Optional.of(messageName(file.getInt(kindAt(middle) + 8)));
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Optional.empty();
    }

    @Override
    public List<Kind> kinds() {
        List<Kind> all = new ArrayList<>(kinds);
        for (int i = 0; i < kinds; i++) {
            int at = kindAt(i);
            all.add(new Kind(string(file.getInt(at)), string(file.getInt(at + 4)), messageName(file.getInt(at + 8))));
        }
        return all;
    }

    /// The full names of all messages, sorted.
    List<String> messageNames() {
        List<String> names = new ArrayList<>(messages);
        for (int i = 0; i < messages; i++) {
            names.add(messageName(i));
        }
        return names;
    }

    private MessageDeclaration readMessage(int message) {
        int at = file.getInt(HEADER_BYTES + message * MESSAGE_BYTES + 4);
        boolean kind = (file.get(at) & KIND) != 0;
        Form form = FORMS[file.get(at) & ~KIND];
        int count = Short.toUnsignedInt(file.getShort(at + 1));
        ByteBuffer cursor = file.duplicate().position(at + 3);
        List<FieldDeclaration> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            fields.add(readField(cursor));
        }
        return new MessageDeclaration(messageName(message), form, kind, fields);
    }

    private FieldDeclaration readField(ByteBuffer cursor) {
        int number = Short.toUnsignedInt(cursor.getShort());
        Type type = TYPES[cursor.get()];
        int flags = cursor.get();
        String name = string(Short.toUnsignedInt(cursor.getShort()));
        String jsonName = string(Short.toUnsignedInt(cursor.getShort()));
        Type keyType = (flags & MAP) == 0 ? null : TYPES[cursor.get()];
        String message = type == Type.MESSAGE ? messageName(Short.toUnsignedInt(cursor.getShort())) : null;
        return new FieldDeclaration(
                number,
                name,
                jsonName,
                type,
                (flags & REPEATED) != 0,
                keyType,
                message,
                (flags & POINTER) != 0,
                (flags & INLINE) != 0,
                OMITS[flags >> OMIT_SHIFT & OMIT_MASK],
                (flags & LATE) != 0,
                (flags & DROPPED) != 0);
    }

    private int kindAt(int kind) {
        return kindsAt + kind * KIND_BYTES;
    }

    private String messageName(int message) {
        return string(file.getInt(HEADER_BYTES + message * MESSAGE_BYTES));
    }

    private String string(int number) {
        String known = strings[number];
        if (known == null) {
            int start = number == 0 ? 0 : file.getInt(stringEndsAt + (number - 1) * Integer.BYTES);
            int end = file.getInt(stringEndsAt + number * Integer.BYTES);
            known = new String(file.array(), stringsAt + start, end - start, StandardCharsets.UTF_8);
            strings[number] = known;
        }
        return known;
    }
}
