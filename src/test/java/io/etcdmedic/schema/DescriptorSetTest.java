package io.etcdmedic.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.FileOptions;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.UnknownFieldSet;
import io.etcdmedic.failure.Failure;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Descriptor sets as `protoc --descriptor_set_out` writes them, laid over the built-in schema.
class DescriptorSetTest {
    private static final String META = ".k8s.io.apimachinery.pkg.apis.meta.v1.";

    @Test
    void aPackageNamedAsKubernetesDoesBringsItsKinds() {
        FileDescriptorProto.Builder file =
                FileDescriptorProto.newBuilder().setName("widget.proto").setPackage("com.example.apis.widgets.v1");
        file.addMessageTypeBuilder()
                .setName("Widget")
                .addField(message("metadata", 1, META + "ObjectMeta"))
                .addField(message("spec", 2, ".com.example.apis.widgets.v1.WidgetSpec"));
        DescriptorProto.Builder spec = file.addMessageTypeBuilder().setName("WidgetSpec");
        spec.addField(scalar("sizes", 2000, FieldDescriptorProto.Type.TYPE_SINT32)
                        .setLabel(Label.LABEL_REPEATED))
                .addField(message("colours", 1, ".com.example.apis.widgets.v1.WidgetSpec.ColoursEntry")
                        .setLabel(Label.LABEL_REPEATED));
        spec.addNestedTypeBuilder()
                .setName("ColoursEntry")
                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                .addField(scalar("key", 1, FieldDescriptorProto.Type.TYPE_STRING))
                .addField(scalar("value", 2, FieldDescriptorProto.Type.TYPE_BOOL));
        Schema schema = Schema.builtIn().withDescriptorSet(set(file));

        MessageType widget = schema.kind("widgets.example.com/v1", "Widget").orElseThrow();
        assertThat(widget).isSameAs(schema.kind("widgets/v1", "Widget").orElseThrow());
        assertThat(widget.hasObjectMeta()).isTrue();
        assertThat(widget.isKind()).isTrue();
        assertThat(field(widget, 1).message().name()).isEqualTo(META.substring(1) + "ObjectMeta");
        MessageType widgetSpec = field(widget, 2).message();
        assertThat(field(widgetSpec, 1).map()).isTrue();
        assertThat(field(widgetSpec, 1).type()).isEqualTo(Type.BOOL);
        assertThat(field(widgetSpec, 2000).repeated()).isTrue();
        assertThat(field(widgetSpec, 2000).type()).isEqualTo(Type.SINT32);
        assertThat(schema.kinds()).contains(new Kind("widgets/v1", "Widget", "com.example.apis.widgets.v1.Widget"));
        assertThat(schema.kinds()).hasSize(Schema.builtIn().kinds().size() + 1);
        assertThat(schema.kind("v1", "Pod")).isPresent();
        assertThat(Schema.builtIn().kind("widgets/v1", "Widget")).isEmpty();
    }

    @Test
    void aNewerReleaseOfATypeKeepsWhatWeKnowOfItsJson() {
        FileDescriptorProto.Builder file =
                FileDescriptorProto.newBuilder().setName("core.proto").setPackage("k8s.io.api.core.v1");
        file.addMessageTypeBuilder()
                .setName("Volume")
                .addField(scalar("name", 1, FieldDescriptorProto.Type.TYPE_STRING))
                .addField(message("volumeSource", 2, ".k8s.io.api.core.v1.VolumeSource"))
                .addField(scalar("shiny", 9, FieldDescriptorProto.Type.TYPE_STRING));
        Schema schema = Schema.builtIn().withDescriptorSet(set(file));

        MessageType podSpec = field(schema.kind("v1", "Pod").orElseThrow(), 2).message();
        MessageType volume = field(podSpec, 1).message();
        assertThat(field(volume, 9).jsonName()).isEqualTo("shiny");
        assertThat(field(volume, 9).pointer()).isTrue();
        assertThat(field(volume, 2).inline()).isTrue();
        assertThat(field(volume, 1).omit()).isEqualTo(Omit.NEVER);
        assertThat(field(volume, 1).pointer()).isFalse();
    }

    @Test
    void aKnownPackageKeepsItsApiGroup() {
        FileDescriptorProto.Builder file =
                FileDescriptorProto.newBuilder().setName("rbac.proto").setPackage("k8s.io.api.rbac.v1");
        file.addMessageTypeBuilder().setName("RoleSet").addField(message("metadata", 1, META + "ObjectMeta"));
        Schema schema = Schema.builtIn().withDescriptorSet(set(file));
        assertThat(schema.kind("rbac.authorization.k8s.io/v1", "RoleSet")).isPresent();
    }

    @Test
    void ourOptionsAreObeyed() {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
                .setName("a/b.proto")
                .setPackage("a.b")
                .addDependency("medic/json.proto")
                .setOptions(FileOptions.newBuilder().setUnknownFields(unknown(52700, bytes("things.example.com/v2"))));
        file.addMessageTypeBuilder()
                .setName("Thing")
                .setOptions(MessageOptions.newBuilder().setUnknownFields(unknown(52701, varint(1))))
                .addField(message("when", 1, ".a.b.When")
                        .setOptions(FieldOptions.newBuilder().setUnknownFields(unknown(52701, varint(1)))))
                .addField(scalar("uID", 2, FieldDescriptorProto.Type.TYPE_STRING)
                        .setOptions(FieldOptions.newBuilder().setUnknownFields(unknown(52700, bytes("uid")))));
        file.addMessageTypeBuilder()
                .setName("When")
                .setOptions(MessageOptions.newBuilder().setUnknownFields(unknown(52700, varint(1))));
        Schema schema = Schema.builtIn().withDescriptorSet(set(file));

        MessageType thing = schema.kind("things.example.com/v2", "Thing").orElseThrow();
        assertThat(field(thing, 1).omit()).isEqualTo(Omit.NEVER);
        assertThat(field(thing, 1).message().form()).isEqualTo(Form.TIME);
        assertThat(field(thing, 2).jsonName()).isEqualTo("uid");
        assertThat(field(thing, 2).pointer()).isFalse();
    }

    @Test
    void whatIsNoDescriptorSetIsRefused() {
        byte[] text = "syntax = \"proto3\";".getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(Failure.Corrupt.class)
                .isThrownBy(() -> Schema.builtIn().withDescriptorSet(text))
                .satisfies(f -> assertThat(f.problem().hint()).contains("protoc"));
    }

    @Test
    void aMissingImportIsNamed() {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder().setName("a.proto");
        file.addMessageTypeBuilder().setName("A").addField(message("b", 1, ".elsewhere.B"));
        assertThatExceptionOfType(Failure.Corrupt.class)
                .isThrownBy(() -> Schema.builtIn().withDescriptorSet(set(file)))
                .withMessageContaining("A refers to elsewhere.B")
                .satisfies(f -> assertThat(f.problem().hint()).contains("--include_imports"));
    }

    @Test
    void aGroupIsRefused() {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder().setName("a.proto");
        file.addMessageTypeBuilder().setName("A").addField(scalar("g", 1, FieldDescriptorProto.Type.TYPE_GROUP));
        assertThatExceptionOfType(Failure.Corrupt.class)
                .isThrownBy(() -> Schema.builtIn().withDescriptorSet(set(file)))
                .withMessageContaining("a group in A, field g");
    }

    private static FieldDescriptorProto.Builder message(String name, int number, String type) {
        return scalar(name, number, FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(type);
    }

    private static FieldDescriptorProto.Builder scalar(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setJsonName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL);
    }

    private static byte[] set(FileDescriptorProto.Builder file) {
        return FileDescriptorSet.newBuilder().addFile(file).build().toByteArray();
    }

    private static UnknownFieldSet unknown(int number, UnknownFieldSet.Field field) {
        return UnknownFieldSet.newBuilder().addField(number, field).build();
    }

    private static UnknownFieldSet.Field varint(long value) {
        return UnknownFieldSet.Field.newBuilder().addVarint(value).build();
    }

    private static UnknownFieldSet.Field bytes(String text) {
        return UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8(text))
                .build();
    }

    private static Field field(MessageType type, int number) {
        Field field = type.field(number);
        if (field == null) {
            throw new AssertionError("no field " + number + " in " + type);
        }
        return field;
    }
}
