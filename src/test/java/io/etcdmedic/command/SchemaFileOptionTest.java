package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.wire.WireWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--schema FILE` from the command line on: kinds and fields that no release before it knew get their names.
class SchemaFileOptionTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aKindOfASchemaFileDecodesByNameAndEncodesBack() throws IOException {
        Path schema = schema();
        Path value = folder.resolve("widget.pb");
        Files.write(value, widget().toArray());

        Ran without = Ran.of("decode", value.toString(), "-o", "json");
        assertThat(without.text()).contains("$unknown").doesNotContain("colour");

        Ran decoded = Ran.of("decode", value.toString(), "-o", "json", "--schema", schema.toString());
        assertThat(decoded.status()).as(decoded.stderr()).isZero();
        assertThat(decoded.text())
                .contains("\"kind\": \"Widget\"", "\"colour\": \"red\"", "\"sizes\": [", "\"w\"")
                .doesNotContain("$unknown");
        assertThat(Ran.of("decode", value.toString(), "-o", "proto", "--schema", schema.toString())
                        .text())
                .contains("colour", "sizes");

        Path json = folder.resolve("widget.json");
        Files.write(json, decoded.stdout().toArray());
        Ran encoded = Ran.of("encode", json.toString(), "--to", "protobuf", "--schema", schema.toString());
        assertThat(encoded.stdout()).isEqualTo(widget());
        Ran unknown = Ran.of("encode", json.toString(), "--to", "protobuf");
        assertThat(unknown.status()).isNotZero();
        assertThat(unknown.stderr()).contains("--schema FILE");
    }

    @Test
    void aFileThatIsNoDescriptorSetIsRefused() throws IOException {
        Path schema = folder.resolve("schema.bin");
        Files.writeString(schema, "message Widget {}");
        Path value = folder.resolve("widget.pb");
        Files.write(value, widget().toArray());
        Ran ran = Ran.of("decode", value.toString(), "--schema", schema.toString());
        assertThat(ran.status()).isNotZero();
        assertThat(ran.stderr()).contains(schema.toString()).contains("descriptor");
        assertThat(Ran.of(
                                "decode",
                                value.toString(),
                                "--schema",
                                folder.resolve("none").toString())
                        .stderr())
                .contains("none");
    }

    /// As `protoc --descriptor_set_out` writes it.
    private Path schema() throws IOException {
        FileDescriptorProto.Builder file =
                FileDescriptorProto.newBuilder().setName("widget.proto").setPackage("com.example.apis.widgets.v1");
        file.addMessageTypeBuilder()
                .setName("Widget")
                .addField(field("metadata", 1, Type.TYPE_MESSAGE)
                        .setTypeName(".k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta"))
                .addField(field("spec", 2, Type.TYPE_MESSAGE).setTypeName(".com.example.apis.widgets.v1.WidgetSpec"));
        DescriptorProto.Builder spec = file.addMessageTypeBuilder().setName("WidgetSpec");
        spec.addField(field("colour", 1, Type.TYPE_STRING));
        spec.addField(field("sizes", 2, Type.TYPE_INT64).setLabel(Label.LABEL_REPEATED));
        Path path = folder.resolve("schema.desc");
        Files.write(path, FileDescriptorSet.newBuilder().addFile(file).build().toByteArray());
        return path;
    }

    private static FieldDescriptorProto.Builder field(String name, int number, Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setJsonName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL);
    }

    private static Bytes widget() {
        WireWriter out = new WireWriter(256);
        out.field(4, Bytes.EMPTY);
        out.field(3, Bytes.EMPTY);
        int raw = out.length();
        int spec = out.length();
        out.field(2, 12);
        out.field(2, 7);
        out.field(1, Bytes.utf8("red"));
        out.message(2, spec);
        int metadata = out.length();
        out.field(8, Bytes.EMPTY);
        out.field(7, 0);
        for (int number = 6; number > 1; number--) {
            out.field(number, Bytes.EMPTY);
        }
        out.field(1, Bytes.utf8("w"));
        out.message(1, metadata);
        out.message(2, raw);
        int names = out.length();
        out.field(2, Bytes.utf8("Widget"));
        out.field(1, Bytes.utf8("widgets.example.com/v1"));
        out.message(1, names);
        out.raw(Bytes.owned(new byte[] {'k', '8', 's', 0}));
        return out.toBytes();
    }
}
