package io.etcdmedic.schema;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The messages of a `FileDescriptorSet` that a user brings: types of an aggregated API, or of a
/// release newer than ours.
///
/// In a file that imports `medic/json.proto` our options say how a type behaves in JSON. Other files
/// are taken for Kubernetes' own: see [Schema#withDescriptorSet(byte[])].
final class DescriptorSet implements Declarations {
    private static final String OPERATION = "reading the schema's descriptor set";
    private static final String OPTIONS_FILE = "medic/json.proto";
    /// The numbers of the options in `medic/json.proto`.
    private static final int API_VERSION = 52700;

    private static final int FORM = 52700;
    private static final int KIND = 52701;
    private static final int KIND_API_VERSION = 52702;
    private static final int JSON = 52700;
    private static final int OMIT = 52701;
    private static final int POINTER = 52702;
    private static final int INLINE = 52703;
    private static final int LATE = 52704;
    private static final int DROPPED = 52705;

    private final Schema below;
    private final Map<String, String> apiVersions = new HashMap<>();
    private final Map<String, MessageDeclaration> messages = new HashMap<>();
    private final List<Kind> kinds = new ArrayList<>();

    private DescriptorSet(Schema below) {
        this.below = below;
        for (Kind kind : below.kinds()) {
            apiVersions.putIfAbsent(packageOf(kind.message()), kind.apiVersion());
        }
    }

    /// @param below the schema that these messages are put before
    static DescriptorSet read(byte[] bytes, Schema below) {
        DescriptorSet set = new DescriptorSet(below);
        try {
            for (FileDescriptorProto file : FileDescriptorSet.parseFrom(bytes).getFileList()) {
                set.add(file);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new Failure.Corrupt(Problem.in(OPERATION)
                            .found(String.valueOf(e.getMessage()))
                            .expected("a FileDescriptorSet")
                            .hint("make one with: protoc --include_imports --descriptor_set_out=FILE *.proto"))
                    .because(e);
        }
        set.requireEveryReference();
        return set;
    }

    @Override
    public Optional<MessageDeclaration> message(String fullName) {
        return Optional.ofNullable(messages.get(fullName));
    }

    /// A kind by its whole apiVersion, or by its group up to the first dot: a package name tells no
    /// more.
    @Override
    public Optional<String> kind(String apiVersion, String kind) {
        return exactKind(apiVersion, kind).or(() -> exactKind(shortGroup(apiVersion), kind));
    }

    @Override
    public List<Kind> kinds() {
        return List.copyOf(kinds);
    }

    private Optional<String> exactKind(String apiVersion, String kind) {
        return kinds.stream()
                .filter(k -> k.apiVersion().equals(apiVersion) && k.kind().equals(kind))
                .map(Kind::message)
                .findFirst();
    }

    private static String shortGroup(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        int dot = apiVersion.indexOf('.');
        return dot < 0 || dot > slash ? apiVersion : apiVersion.substring(0, dot) + apiVersion.substring(slash);
    }

    private void add(FileDescriptorProto file) {
        boolean ours = file.getDependencyList().contains(OPTIONS_FILE);
        String prefix = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
        for (DescriptorProto message : file.getMessageTypeList()) {
            MessageDeclaration added = add(prefix + message.getName(), message, ours);
            Optional<String> apiVersion = ours ? declaredApiVersion(file, message) : apiVersionOf(file.getPackage());
            if (added.kind() && apiVersion.isPresent()) {
                kinds.add(new Kind(apiVersion.get(), message.getName(), added.name()));
            }
        }
    }

    private MessageDeclaration add(String fullName, DescriptorProto message, boolean ours) {
        Map<String, DescriptorProto> entries = new HashMap<>();
        for (DescriptorProto nested : message.getNestedTypeList()) {
            String nestedName = fullName + "." + nested.getName();
            if (nested.getOptions().getMapEntry()) {
                entries.put("." + nestedName, nested);
            } else {
                add(nestedName, nested, ours);
            }
        }
        List<FieldDeclaration> fields = new ArrayList<>();
        for (FieldDescriptorProto field : message.getFieldList()) {
            fields.add(declare(fullName, field, Optional.ofNullable(entries.get(field.getTypeName()))));
        }
        fields.sort(Comparator.comparingInt(FieldDeclaration::number));
        MessageDeclaration declared = ours ? withOptions(fullName, message, fields) : behavingAsKnown(fullName, fields);
        messages.put(fullName, declared);
        return declared;
    }

    /// A field without our options: what is on the wire is set, and what is empty is left out of
    /// the JSON.
    private static FieldDeclaration declare(
            String owner, FieldDescriptorProto field, Optional<DescriptorProto> mapEntry) {
        FieldDescriptorProto value =
                mapEntry.map(entry -> entry.getFieldList().get(1)).orElse(field);
        @Nullable
        Type keyType =
                mapEntry.map(entry -> type(owner, entry.getFieldList().get(0))).orElse(null);
        Type type = type(owner, value);
        return new FieldDeclaration(
                field.getNumber(),
                field.getName(),
                field.hasJsonName() ? field.getJsonName() : field.getName(),
                type,
                mapEntry.isEmpty() && field.getLabel() == Label.LABEL_REPEATED,
                keyType,
                type == Type.MESSAGE ? value.getTypeName().substring(1) : null,
                true,
                false,
                Omit.EMPTY,
                false,
                false);
    }

    private MessageDeclaration behavingAsKnown(String fullName, List<FieldDeclaration> fields) {
        Optional<MessageDeclaration> known = below.declaration(fullName);
        List<FieldDeclaration> behaving = new ArrayList<>();
        for (FieldDeclaration plain : fields) {
            behaving.add(known.stream()
                    .flatMap(message -> message.fields().stream())
                    .filter(f -> f.number() == plain.number() && f.name().equals(plain.name()))
                    .findFirst()
                    .map(plain::behavingAs)
                    .orElse(plain));
        }
        return new MessageDeclaration(
                fullName,
                known.map(MessageDeclaration::form).orElse(Form.MESSAGE),
                known.map(MessageDeclaration::kind).orElseGet(() -> hasMetadata(fields)),
                List.copyOf(behaving));
    }

    private static boolean hasMetadata(List<FieldDeclaration> fields) {
        return fields.stream()
                .anyMatch(f -> f.name().equals("metadata")
                        && f.message() instanceof String type
                        && (type.endsWith(".meta.v1.ObjectMeta") || type.endsWith(".meta.v1.ListMeta")));
    }

    private static MessageDeclaration withOptions(
            String fullName, DescriptorProto message, List<FieldDeclaration> fields) {
        UnknownFieldSet options = message.getOptions().getUnknownFields();
        List<FieldDeclaration> behaving = new ArrayList<>();
        for (FieldDeclaration plain : fields) {
            behaving.add(message.getFieldList().stream()
                    .filter(f -> f.getNumber() == plain.number())
                    .findFirst()
                    .map(f -> withOptions(plain, f.getOptions().getUnknownFields()))
                    .orElse(plain));
        }
        return new MessageDeclaration(
                fullName,
                constant(Form.values(), options, FORM),
                number(options, KIND) != 0 || options.hasField(KIND_API_VERSION),
                List.copyOf(behaving));
    }

    private static FieldDeclaration withOptions(FieldDeclaration plain, UnknownFieldSet options) {
        return plain.behavingAs(new FieldDeclaration(
                plain.number(),
                plain.name(),
                text(options, JSON).orElse(plain.name()),
                plain.type(),
                plain.repeated(),
                plain.keyType(),
                plain.message(),
                number(options, POINTER) != 0,
                number(options, INLINE) != 0,
                constant(Omit.values(), options, OMIT),
                number(options, LATE) != 0,
                number(options, DROPPED) != 0));
    }

    private static Type type(String owner, FieldDescriptorProto field) {
        if (field.getType() == FieldDescriptorProto.Type.TYPE_GROUP) {
            throw new Failure.Corrupt(Problem.in(OPERATION)
                    .found("a group in " + owner + ", field " + field.getName())
                    .expected("no groups: Kubernetes has none"));
        }
        return Type.valueOf(field.getType().name().substring("TYPE_".length()));
    }

    private static Optional<String> declaredApiVersion(FileDescriptorProto file, DescriptorProto message) {
        UnknownFieldSet options = message.getOptions().getUnknownFields();
        return text(options, KIND_API_VERSION).or(() -> text(file.getOptions().getUnknownFields(), API_VERSION));
    }

    /// The apiVersion of the objects of a package that is named as Kubernetes names its packages.
    private Optional<String> apiVersionOf(String packageName) {
        int version = packageName.lastIndexOf('.');
        if (version < 0) {
            return Optional.empty();
        }
        int group = packageName.lastIndexOf('.', version - 1);
        String byName = packageName.substring(group + 1, version) + "/" + packageName.substring(version + 1);
        return Optional.of(apiVersions.getOrDefault(packageName, byName));
    }

    private void requireEveryReference() {
        for (MessageDeclaration message : messages.values()) {
            for (FieldDeclaration field : message.fields()) {
                String wanted = field.message();
                if (wanted != null
                        && !messages.containsKey(wanted)
                        && below.declaration(wanted).isEmpty()) {
                    throw new Failure.Corrupt(Problem.in(OPERATION)
                            .found(message.name() + " refers to " + wanted + ", which is not there")
                            .hint("add --include_imports to the protoc command that made it"));
                }
            }
        }
    }

    private static String packageOf(String fullName) {
        return fullName.substring(0, Math.max(0, fullName.lastIndexOf('.')));
    }

    private static Optional<String> text(UnknownFieldSet options, int number) {
        return options.getField(number).getLengthDelimitedList().stream()
                .reduce((_, last) -> last)
                .map(bytes -> bytes.toStringUtf8());
    }

    private static long number(UnknownFieldSet options, int number) {
        return options.getField(number).getVarintList().stream().reduce(0L, (_, last) -> last);
    }

    /// An enum option of ours; a number that a newer `json.proto` may know counts as none.
    private static <E> E constant(E[] constants, UnknownFieldSet options, int number) {
        long ordinal = number(options, number);
        return constants[ordinal > 0 && ordinal < constants.length ? (int) ordinal : 0];
    }
}
