package io.etcdmedic.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads one file under `proto`: the subset of proto2 that `medic/json.proto` describes. Part of the
/// build, not of the jar.
///
/// @throws IllegalArgumentException with file and line at whatever is not in that subset
final class ProtoFile {
    private static final Pattern TOKEN =
            Pattern.compile("\\s+|//[^\\n]*|(\"[^\"\\n]*\"|\\.?\\w+(?:\\.\\w+)*|[{}\\[\\]();=,<>])");

    private final String path;
    private final String text;
    private final Matcher matcher;
    private String token = "";
    private String packageName = "";
    private String apiVersion = "";
    private final List<String> imports = new ArrayList<>();
    private final List<MessageDeclaration> messages = new ArrayList<>();
    private final List<Kind> kinds = new ArrayList<>();

    private ProtoFile(String path, String text) {
        this.path = path;
        this.text = text;
        this.matcher = TOKEN.matcher(text);
    }

    /// @param path the file's path below `proto`, with slashes
    static ProtoFile read(String path, String text) {
        ProtoFile file = new ProtoFile(path, text);
        file.readFile();
        return file;
    }

    List<MessageDeclaration> messages() {
        return messages;
    }

    List<Kind> kinds() {
        return kinds;
    }

    private void readFile() {
        next();
        while (!token.isEmpty()) {
            switch (take()) {
                case "syntax" -> {
                    expect("=");
                    expect("\"proto2\"");
                    expect(";");
                }
                case "package" -> {
                    packageName = take();
                    require((packageName.replace('.', '/') + ".proto").equals(path), "a path that is the package");
                    expect(";");
                }
                case "import" -> {
                    imports.add(string());
                    expect(";");
                }
                case "option" -> {
                    require(option().equals("api_version"), "medic.api_version");
                    apiVersion = string();
                    expect(";");
                }
                case "message" -> readMessage();
                default -> throw refused("syntax, package, import, option or message");
            }
        }
    }

    private void readMessage() {
        String name = take();
        String fullName = packageName + "." + name;
        Form form = Form.MESSAGE;
        Optional<String> kindVersion = Optional.empty();
        List<FieldDeclaration> fields = new ArrayList<>();
        expect("{");
        while (!token.equals("}")) {
            if (token.equals("option")) {
                take();
                switch (option()) {
                    case "form" -> form = Form.valueOf(take());
                    case "kind" -> {
                        expect("true");
                        kindVersion = kindVersion.or(() -> Optional.of(apiVersion));
                    }
                    case "kind_api_version" -> kindVersion = Optional.of(string());
                    default -> throw refused("a message option of medic");
                }
                expect(";");
            } else {
                fields.add(readField());
            }
        }
        expect("}");
        fields.sort(Comparator.comparingInt(FieldDeclaration::number));
        for (int i = 1; i < fields.size(); i++) {
            require(fields.get(i - 1).number() != fields.get(i).number(), "each number once in " + fullName);
        }
        messages.add(new MessageDeclaration(fullName, form, kindVersion.isPresent(), List.copyOf(fields)));
        kindVersion.ifPresent(version -> kinds.add(new Kind(version, name, fullName)));
    }

    private FieldDeclaration readField() {
        String word = take();
        boolean repeated = word.equals("repeated");
        Type keyType = null;
        String typeName;
        if (word.equals("map")) {
            expect("<");
            keyType = scalar(take()).orElseThrow(() -> refused("a scalar key"));
            expect(",");
            typeName = take();
            expect(">");
        } else {
            require(repeated || word.equals("optional"), "optional, repeated or map");
            typeName = take();
        }
        Optional<Type> scalar = scalar(typeName);
        String message = scalar.isPresent() ? null : messageName(typeName);
        String name = take();
        expect("=");
        int number = Integer.parseInt(take());
        return readOptions(new FieldDeclaration(
                number,
                name,
                name,
                scalar.orElse(Type.MESSAGE),
                repeated,
                keyType,
                message,
                false,
                false,
                Omit.EMPTY,
                false,
                false));
    }

    private FieldDeclaration readOptions(FieldDeclaration plain) {
        String jsonName = plain.jsonName();
        boolean pointer = false;
        boolean inline = false;
        boolean late = false;
        boolean dropped = false;
        Omit omit = Omit.EMPTY;
        if (token.equals("[")) {
            do {
                take();
                switch (option()) {
                    case "json" -> jsonName = string();
                    case "omit" -> omit = Omit.valueOf(take());
                    case "pointer" -> pointer = Boolean.parseBoolean(take());
                    case "late" -> late = Boolean.parseBoolean(take());
                    case "dropped" -> dropped = Boolean.parseBoolean(take());
                    case "inline" -> inline = Boolean.parseBoolean(take());
                    default -> throw refused("a field option of medic");
                }
            } while (token.equals(","));
            expect("]");
        }
        expect(";");
        return new FieldDeclaration(
                plain.number(),
                plain.name(),
                jsonName,
                plain.type(),
                plain.repeated(),
                plain.keyType(),
                plain.message(),
                pointer,
                inline,
                omit,
                late,
                dropped);
    }

    /// The full name behind a name as written; the file of another package must be imported, as
    /// protoc demands.
    private String messageName(String written) {
        if (!written.startsWith(".")) {
            require(!written.contains("."), "a leading dot before a full name");
            return packageName + "." + written;
        }
        String fullName = written.substring(1);
        String owner = fullName.substring(0, fullName.lastIndexOf('.')).replace('.', '/') + ".proto";
        require(imports.contains(owner), "an import of " + owner);
        return fullName;
    }

    private static Optional<Type> scalar(String word) {
        for (Type type : Type.values()) {
            if (type != Type.MESSAGE && type != Type.ENUM && type.keyword().equals(word)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /// Reads `(medic.NAME) =` and returns NAME.
    private String option() {
        expect("(");
        String name = take();
        require(name.startsWith("medic."), "an option of medic");
        expect(")");
        expect("=");
        return name.substring("medic.".length());
    }

    private String string() {
        String quoted = take();
        require(quoted.length() >= 2 && quoted.startsWith("\""), "a string");
        return quoted.substring(1, quoted.length() - 1);
    }

    private void expect(String wanted) {
        require(take().equals(wanted), wanted);
    }

    private void require(boolean holds, String wanted) {
        if (!holds) {
            throw refused(wanted);
        }
    }

    private String take() {
        String taken = token;
        next();
        return taken;
    }

    private void next() {
        token = "";
        int end = matcher.regionStart();
        while (token.isEmpty() && matcher.lookingAt()) {
            end = matcher.end();
            @Nullable String found = matcher.group(1);
            token = found == null ? "" : found;
            matcher.region(end, text.length());
        }
        require(!token.isEmpty() || end == text.length(), "proto2");
    }

    private IllegalArgumentException refused(String wanted) {
        long line = 1
                + text.substring(0, matcher.regionStart())
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new IllegalArgumentException("proto/" + path + ":" + line + ": expected " + wanted);
    }
}
