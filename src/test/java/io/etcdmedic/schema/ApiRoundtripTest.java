package io.etcdmedic.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The schema against Kubernetes' own compatibility data: every kind, fully filled, as stored bytes and as JSON.
///
/// The data is not in this repository: see MEDIC_API_TESTDATA. Without it the test is skipped and says so.
class ApiRoundtripTest {
    private static final Path DATA = Path.of(
            Optional.ofNullable(System.getenv("MEDIC_API_TESTDATA")).orElse("../shared/fixtures/api-roundtrip"));
    private static final int ENVELOPE_BYTES = 4;

    @Test
    void everyKindResolves() throws IOException {
        assertThat(files(".json"))
                .allSatisfy(file ->
                        assertThat(type(file)).as("the kind of %s", file).isPresent());
    }

    @Test
    void everyFieldIsKnownAndNamedAsInJson() throws IOException {
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (Path file : files(".pb")) {
            Path json = Path.of(file.toString().replaceFirst("\\.pb$", ".json"));
            ByteString stored = ByteString.copyFrom(Files.readAllBytes(file)).substring(ENVELOPE_BYTES);
            ByteString raw = UnknownFieldSet.parseFrom(stored)
                    .getField(2)
                    .getLengthDelimitedList()
                    .getFirst();
            WireShape shape = new WireShape();
            Object promised = shape.of(type(file).orElseThrow(), raw);
            shape.unknown().forEach(u -> wrong.add(file + ": no field " + u));
            if (Files.exists(json)) {
                compare(file.getFileName() + " ", promised, json(json), wrong);
                compared++;
            }
        }
        assertThat(wrong).as("differences to %s", DATA).isEmpty();
        assertThat(compared).as("files compared").isGreaterThan(100);
    }

    private static List<Path> files(String suffix) throws IOException {
        assumeTrue(
                Files.isDirectory(DATA),
                "SKIPPED: no Kubernetes compatibility data at " + DATA.toAbsolutePath()
                        + "; set MEDIC_API_TESTDATA to a folder of it");
        try (Stream<Path> walk = Files.walk(DATA)) {
            return walk.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
        }
    }

    /// The type that a file name such as `networking.k8s.io.v1.ServiceCIDR.after_roundtrip.pb` speaks of.
    private static Optional<MessageType> type(Path file) {
        String name = file.getFileName().toString().replaceFirst("(\\.after_roundtrip(\\.\\w+)?)?\\.\\w+$", "");
        int kind = name.lastIndexOf('.');
        int version = name.lastIndexOf('.', kind - 1);
        String group = name.substring(0, version);
        String apiVersion = name.substring(version + 1, kind);
        return Schema.builtIn()
                .kind(group.equals("core") ? apiVersion : group + "/" + apiVersion, name.substring(kind + 1));
    }

    private static void compare(String place, Object promised, Object actual, List<String> wrong) {
        if (promised instanceof Map<?, ?> left && actual instanceof Map<?, ?> right) {
            for (Object key : left.keySet()) {
                if (!right.containsKey(key)) {
                    wrong.add(place + "." + key + ": not in the JSON");
                }
            }
            for (Map.Entry<?, ?> entry : right.entrySet()) {
                Object value = left.get(entry.getKey());
                if (value == null) {
                    wrong.add(place + "." + entry.getKey() + ": in the JSON only");
                } else {
                    compare(place + "." + entry.getKey(), value, entry.getValue(), wrong);
                }
            }
        } else if (promised instanceof List<?> left && actual instanceof List<?> right) {
            if (left.size() != right.size()) {
                wrong.add(place + ": " + left.size() + " elements, in the JSON " + right.size());
            }
            for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
                compare(place + "[" + i + "]", left.get(i), right.get(i), wrong);
            }
        } else if (promised instanceof Map || promised instanceof List || isContainer(promised, actual)) {
            wrong.add(place + ": " + promised + ", in the JSON " + actual);
        }
    }

    /// An object or list in the JSON where the schema promises one value; free JSON may be any.
    private static boolean isContainer(Object promised, Object actual) {
        List<String> free = List.of(Form.RAW_EXTENSION.name(), Form.FIELDS_V1.name(), Form.JSON.name());
        return (actual instanceof Map || actual instanceof List) && !free.contains(String.valueOf(promised));
    }

    private static Object json(Path file) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), Files.readString(file))) {
            Object value = value(parser, parser.nextToken());
            if (value instanceof Map<?, ?> object) {
                object.remove("apiVersion");
                object.remove("kind");
            }
            return value;
        }
    }

    private static Object value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> object = new TreeMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    object.put(name, value(parser, parser.nextToken()));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                JsonToken next = parser.nextToken();
                while (next != JsonToken.END_ARRAY) {
                    list.add(value(parser, next));
                    next = parser.nextToken();
                }
                yield list;
            }
            default -> String.valueOf(parser.getString());
        };
    }
}
