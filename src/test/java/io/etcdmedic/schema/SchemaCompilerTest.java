package io.etcdmedic.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// From a `.proto` file to a declaration, and what the compiler refuses.
class SchemaCompilerTest {
    private static final String HEAD = "syntax = \"proto2\";\npackage k8s.a;\n";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void everythingThatIsDeclaredComesBack() throws IOException {
        SchemaFile file = compile(HEAD + """
                import "medic/json.proto";
                option (medic.api_version) = "a.example.com/v1";
                // A comment; message X {
                message Thing {
                  option (medic.kind) = true;
                  option (medic.kind_api_version) = "b.example.com/v1";
                  map<string, Part> parts = 7;
                  repeated .k8s.a.Part list = 300 [(medic.json) = "theList", (medic.omit) = ZERO];
                  optional int64 count = 2 [(medic.pointer) = true];
                  optional Part part = 3 [(medic.inline) = true, (medic.omit) = NEVER];
                }
                message Part { option (medic.form) = LIST; repeated bytes items = 1; }
                message None {}
                """.replace(".k8s.a.", ""));
        MessageDeclaration thing = file.message("k8s.a.Thing").orElseThrow();
        assertThat(thing.fields())
                .containsExactly(
                        new FieldDeclaration(
                                2,
                                "count",
                                "count",
                                Type.INT64,
                                false,
                                null,
                                null,
                                true,
                                false,
                                Omit.EMPTY,
                                false,
                                false),
                        new FieldDeclaration(
                                3,
                                "part",
                                "part",
                                Type.MESSAGE,
                                false,
                                null,
                                "k8s.a.Part",
                                false,
                                true,
                                Omit.NEVER,
                                false,
                                false),
                        new FieldDeclaration(
                                7,
                                "parts",
                                "parts",
                                Type.MESSAGE,
                                false,
                                Type.STRING,
                                "k8s.a.Part",
                                false,
                                false,
                                Omit.EMPTY,
                                false,
                                false),
                        new FieldDeclaration(
                                300,
                                "list",
                                "theList",
                                Type.MESSAGE,
                                true,
                                null,
                                "k8s.a.Part",
                                false,
                                false,
                                Omit.ZERO,
                                false,
                                false));
        assertThat(file.message("k8s.a.Part").orElseThrow().form()).isEqualTo(Form.LIST);
        assertThat(file.message("k8s.a.None").orElseThrow().fields()).isEmpty();
        assertThat(file.message("k8s.a.Missing")).isEmpty();
        assertThat(file.kinds()).containsExactly(new Kind("b.example.com/v1", "Thing", "k8s.a.Thing"));
        assertThat(file.kind("b.example.com/v1", "Thing")).contains("k8s.a.Thing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    message A { optional B b = 1; }                           | no message k8s.a.B
                    message A { optional .k8s.b.B b = 1; }                    | proto/k8s/a.proto:3: expected an import of k8s/b.proto
                    message A { required bool b = 1; }                        | :3: expected optional, repeated or map
                    message A { optional bool b = 1; optional bool c = 1; }   | each number once in k8s.a.A
                    message A {} message A {}                                 | k8s.a.A is declared twice
                    message A { optional bool b = 1 [deprecated = true]; }    | :3: expected (
                    message A { optional bool b = 1 [(medic.x) = true]; }     | :3: expected a field option of medic
                    enum A { B = 0; }                                         | :3: expected syntax, package, import
                    message A { optional bool b = 99999; }                    | 99999 does not fit 16 bits
                    message A %                                               | :3: expected proto2
                    """)
    void whatIsOutsideTheSubsetFailsTheBuild(String declaration, String complaint) {
        assertThatThrownBy(() -> compile(HEAD + declaration))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void aFileOfAnotherBuildIsNotOpened() {
        assertThatThrownBy(() -> new SchemaFile(new byte[64])).isInstanceOf(IllegalStateException.class);
    }

    /// The resource in the class path is what the files of this tree say.
    @Test
    void theBuiltInSchemaIsTheFilesOfThisTree() throws IOException {
        SchemaFile compiled = new SchemaFile(SchemaCompiler.compile(Path.of("proto")));
        SchemaFile builtIn = SchemaFile.builtIn();
        assertThat(builtIn.kinds()).isEqualTo(compiled.kinds());
        assertThat(builtIn.messageNames()).isEqualTo(compiled.messageNames());
        assertThat(compiled.messageNames())
                .allSatisfy(name -> assertThat(builtIn.message(name)).isEqualTo(compiled.message(name)));
    }

    private SchemaFile compile(String text) throws IOException {
        Path file = folder.resolve("k8s/a.proto");
        Files.createDirectories(folder.resolve("k8s"));
        Files.writeString(file, text);
        return new SchemaFile(SchemaCompiler.compile(folder));
    }
}
