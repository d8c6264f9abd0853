package io.etcdmedic.schema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Turns the files under `proto` into the resource that [SchemaFile] opens. Part of the build, not of
/// the jar.
final class SchemaCompiler {
    private SchemaCompiler() {}

    /// @param args the folder `proto`, and the file to write
    public static void main(String[] args) throws IOException {
        byte[] schema = compile(Path.of(args[0]));
        Path file = Path.of(args[1]);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, schema);
    }

    /// @throws IllegalArgumentException with the place, when a file is outside the subset or
    ///     declares a name twice
    static byte[] compile(Path folder) throws IOException {
        List<MessageDeclaration> messages = new ArrayList<>();
        List<Kind> kinds = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> kindNames = new HashSet<>();
        for (Path path : sources(folder)) {
            ProtoFile file =
                    ProtoFile.read(folder.relativize(path).toString().replace('\\', '/'), Files.readString(path));
            for (MessageDeclaration message : file.messages()) {
                once(names, message.name());
                messages.add(message);
            }
            for (Kind kind : file.kinds()) {
                once(kindNames, kind.apiVersion() + " " + kind.kind());
                kinds.add(kind);
            }
        }
        return SchemaFileWriter.write(messages, kinds);
    }

    private static void once(Set<String> names, String name) {
        if (!names.add(name)) {
            throw new IllegalArgumentException(name + " is declared twice");
        }
    }

    /// Every file but our own options, which protoc alone reads.
    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("k8s"))) {
            return files.filter(f -> f.toString().endsWith(".proto")).sorted().toList();
        }
    }
}
