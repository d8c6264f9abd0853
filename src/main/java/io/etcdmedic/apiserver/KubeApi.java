package io.etcdmedic.apiserver;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.WritePermit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The Kubernetes API of a real server, as bytes of JSON: typed models would drop the fields that they do not know.
public final class KubeApi implements ApiReading, AutoCloseable {
    private static final String JSON = "application/json";
    private static final int PAGE_OBJECTS = 500;
    private final ApiConnection connection;
    private final Map<String, Optional<String>> served = new LinkedHashMap<>();

    private KubeApi(ApiConnection connection) {
        this.connection = connection;
    }

    /// Reads the kubeconfig and its certificates; nothing is sent yet.
    ///
    /// @throws Failure.Usage when the kubeconfig cannot be used
    public static KubeApi open(ApiAccess access) {
        return new KubeApi(ApiConnection.open(access));
    }

    @Override
    public String address() {
        return connection.address();
    }

    @Override
    public boolean ready() {
        try {
            return connection.read("/readyz").isOk();
        } catch (Failure down) {
            return false;
        }
    }

    @Override
    public Optional<String> silence() {
        try {
            ApiAnswer answer = connection.read("/readyz");
            if (answer.isRefusal()) {
                throw answer.failure(Problem.in("asking " + address() + " whether it is ready"));
            }
            return answer.isOk() ? Optional.empty() : Optional.of("/readyz says " + answer.status());
        } catch (Failure.Unreachable down) {
            return Optional.of(down.problem().found());
        }
    }

    @Override
    public String version() {
        Document said = Json.read(expectOk("asking for the version", connection.read("/version")));
        String git = said.text("gitVersion").orElse("");
        String behaves = minor(said, "emulationMajor", "emulationMinor")
                .or(() -> minor(said, "major", "minor"))
                .orElse(git);
        return git.startsWith(behaves + ".") ? git : behaves;
    }

    /// `v1.33`, of `1` and `33+`.
    private static Optional<String> minor(Document said, String major, String minor) {
        String number = said.text(minor).orElse("").replaceAll("[^0-9]", "");
        return said.text(major).filter(m -> !m.isEmpty() && !number.isEmpty()).map(m -> "v" + m + "." + number);
    }

    @Override
    public List<String> certificateNames() {
        return connection.certificateNames();
    }

    @Override
    public Optional<ApiObject> get(ApiName name) {
        ApiAnswer answer = connection.read(name.path());
        if (answer.status() == ApiAnswer.NOT_FOUND) {
            return Optional.empty();
        }
        return Optional.of(object(name, expectOk("reading " + name, answer)));
    }

    @Override
    public List<Document> list(ApiCollection collection) {
        List<Document> objects = new ArrayList<>();
        String next = "";
        do {
            String query = "?limit=" + PAGE_OBJECTS + (next.isEmpty() ? "" : "&continue=" + ApiConnection.escape(next));
            Document page = Json.read(expectOk("listing " + collection, connection.read(collection.path() + query)));
            objects.addAll(page.list("items"));
            next = page.text("metadata", "continue").orElse("");
        } while (!next.isEmpty());
        return objects;
    }

    @Override
    public Optional<String> servedVersion(String group, String resource) {
        return served.computeIfAbsent(group + "/" + resource, _ -> askServedVersion(group, resource));
    }

    private Optional<String> askServedVersion(String group, String resource) {
        if (group.isEmpty()) {
            return Optional.of("v1");
        }
        ApiAnswer answer = connection.read("/apis/" + group);
        if (answer.status() == ApiAnswer.NOT_FOUND) {
            return Optional.empty();
        }
        Document found = Json.read(expectOk("asking which versions of " + group + " are served", answer));
        for (Document version : found.list("versions")) {
            String name = version.text("version").orElse("");
            String groupVersion = "/apis/" + group + "/" + name;
            Document resources =
                    Json.read(expectOk("asking what " + groupVersion + " serves", connection.read(groupVersion)));
            if (resources.list("resources").stream()
                    .anyMatch(r -> r.text("name").filter(resource::equals).isPresent())) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    @Override
    public Created create(ApiName name, Bytes json, WritePermit permit) {
        String what = "creating " + name;
        ApiAnswer answer = connection.send(
                what, "POST", ApiCollection.of(name).path(), new ApiConnection.Body(JSON, json), permit);
        if (answer.reason().equals("AlreadyExists")) {
            return new Created.Existing(get(name).orElseThrow(() -> lost(what, "it existed and is gone again")));
        }
        if (answer.status() == ApiAnswer.UNPROCESSABLE) {
            // The address of a Service is allocated before its name is looked at: its own is taken when it is there.
            Optional<ApiObject> there = get(name);
            if (there.isPresent()) {
                return new Created.Existing(there.get());
            }
        }
        return new Created.New(object(name, expectOk(what, answer)));
    }

    @Override
    public Optional<Deleted> delete(ApiName name, Same same, WritePermit permit) {
        String what = "deleting " + name;
        ApiConnection.Body options = new ApiConnection.Body(JSON, Json.compactBytes(deleteOptions(same)));
        ApiAnswer answer = connection.send(what, "DELETE", name.path(), options, permit);
        if (answer.status() == ApiAnswer.NOT_FOUND) {
            return Optional.empty();
        }
        Document left = Json.read(expectOk(what, answer));
        boolean lives = left.text("metadata", "deletionTimestamp").isPresent()
                && !left.texts("metadata", "finalizers").isEmpty();
        return Optional.of(lives ? Deleted.TERMINATING : Deleted.GONE);
    }

    private static Document deleteOptions(Same same) {
        SequencedMap<String, Document> preconditions = new LinkedHashMap<>();
        preconditions.put("uid", new Text(same.uid()));
        same.resourceVersion().ifPresent(version -> preconditions.put("resourceVersion", new Text(version)));
        return Mapping.EMPTY
                .with(DocumentPath.of("kind"), new Text("DeleteOptions"))
                .with(DocumentPath.of("apiVersion"), new Text("v1"))
                .with(DocumentPath.of("preconditions"), new Mapping(preconditions));
    }

    @Override
    public ApiObject patch(ApiName name, Same same, PatchType type, Bytes patch, WritePermit permit) {
        String what = "changing " + name;
        ApiObject now = get(name).orElseThrow(() -> stale(what, "it is gone"));
        boolean moved = same.resourceVersion()
                .filter(v -> !v.equals(now.resourceVersion()))
                .isPresent();
        if (!now.uid().equals(same.uid()) || moved) {
            throw stale(what, "UID " + now.uid() + ", resourceVersion " + now.resourceVersion());
        }
        ApiAnswer answer = switch (type) {
            case FINALIZE ->
                connection.send(what, "PUT", name.path() + "/finalize", new ApiConnection.Body(JSON, patch), permit);
            case JSON, MERGE, STRATEGIC ->
                connection.send(
                        what,
                        "PATCH",
                        name.path(),
                        new ApiConnection.Body(type.mediaType(), bound(type, patch, now)),
                        permit);
        };
        return object(name, expectOk(what, answer));
    }

    /// The patch with the object's UID and resourceVersion in it, so that the server compares them too.
    private static Bytes bound(PatchType type, Bytes patch, ApiObject now) {
        if (type == PatchType.JSON) {
            List<Document> operations = new ArrayList<>();
            operations.add(test("/metadata/uid", now.uid()));
            operations.add(test("/metadata/resourceVersion", now.resourceVersion()));
            operations.addAll(Json.read(patch).list());
            return Json.compactBytes(new Document.Sequence(operations));
        }
        return Json.compactBytes(Json.read(patch)
                .with(DocumentPath.of("metadata", "uid"), new Text(now.uid()))
                .with(DocumentPath.of("metadata", "resourceVersion"), new Text(now.resourceVersion())));
    }

    private static Document test(String pointer, String value) {
        return Mapping.EMPTY
                .with(DocumentPath.of("op"), new Text("test"))
                .with(DocumentPath.of("path"), new Text(pointer))
                .with(DocumentPath.of("value"), new Text(value));
    }

    private static ApiObject object(ApiName name, Bytes json) {
        Document document = Json.read(json);
        return new ApiObject(
                name,
                document.text("metadata", "uid").orElse(""),
                document.text("metadata", "resourceVersion").orElse(""),
                json);
    }

    private Bytes expectOk(String what, ApiAnswer answer) {
        if (answer.isOk()) {
            return answer.body();
        }
        throw answer.failure(Problem.in(what + " at " + address()));
    }

    private static Failure lost(String what, String found) {
        return new Failure.Unsettled(Problem.in(what).found(found));
    }

    private static Failure stale(String what, String found) {
        return new Failure.Stale(Problem.in(what).found(found).expected("the object that the plan saw"));
    }

    @Override
    public void close() {
        connection.close();
    }
}
