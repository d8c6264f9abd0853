package io.etcdmedic.apiserver;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.kubernetes.network.Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The Kubernetes API over an overlay, as far as repairs use it: every object can be read and deleted; a create is
/// admitted for what the service network needs.
public record PlayedApi(PlayedCluster cluster) implements ApiReading {
    private static final Map<String, String> FOLDERS = Map.of(
            "services", "services/specs",
            "endpoints", "services/endpoints",
            "replicationcontrollers", "controllers",
            "nodes", "minions",
            "ingresses", "ingress");

    @Override
    public String address() {
        return "a played kube-apiserver over " + cluster.overlay().source();
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public Optional<String> silence() {
        return Optional.empty();
    }

    @Override
    public String version() {
        return "v1.36.0";
    }

    @Override
    public Optional<String> servedVersion(String group, String resource) {
        return Optional.of("v1");
    }

    @Override
    public List<String> certificateNames() {
        return List.of(cluster.flags().getFirst().first().toString());
    }

    @Override
    public List<Document> list(ApiCollection collection) {
        return cluster.all(folder(collection.group(), collection.resource()) + "/"
                + (collection.namespace().isEmpty() ? "" : collection.namespace() + "/"));
    }

    @Override
    public Optional<ApiObject> get(ApiName name) {
        return cluster.entry(path(name)).map(entry -> object(name, entry));
    }

    private ApiObject object(ApiName name, Entry entry) {
        Bytes json = cluster.served(entry);
        Document document = Json.read(json);
        return new ApiObject(
                name,
                document.text("metadata", "uid").orElse(""),
                document.text("metadata", "resourceVersion").orElse(""),
                json);
    }

    @Override
    public Created create(ApiName name, Bytes json, WritePermit permit) {
        Optional<ApiObject> existing = get(name);
        if (existing.isPresent()) {
            return new Created.Existing(existing.get());
        }
        Document object = Json.read(json);
        if (name.resource().equals("services")) {
            object = addressed(object);
            allocate(name, object);
        }
        cluster.put(path(name), cluster.born(object));
        cluster.react();
        return new Created.New(get(name).orElseThrow());
    }

    /// The Service with an address of the first range, where it asks for none.
    private Document addressed(Document service) {
        boolean asked = service.at("spec", "clusterIPs").isPresent()
                || service.at("spec", "clusterIP").isPresent();
        boolean elsewhere =
                service.text("spec", "type").filter("ExternalName"::equals).isPresent();
        if (asked || elsewhere) {
            return service;
        }
        Text address = new Text(cluster.free().toString());
        return service.with(DocumentPath.of("spec", "clusterIP"), address)
                .with(DocumentPath.of("spec", "clusterIPs"), Document.Sequence.of(address));
    }

    private void allocate(ApiName name, Document service) {
        for (Address address : addresses(service)) {
            Problem problem = Problem.in("creating " + name);
            if (!cluster.isAllocatable(address)) {
                throw new Failure.Refused(problem.found("failed to allocate IP " + address
                        + ": the provided network does not match the current range"));
            }
            boolean taken = cluster.object("ipaddresses/" + address)
                    .filter(ip -> !parent(ip).equals(name.namespace() + "/" + name.name()))
                    .isPresent();
            if (taken) {
                throw new Failure.Refused(
                        problem.found("failed to allocate IP " + address + ": provided IP is already allocated"));
            }
            cluster.reserve(address, name.namespace(), name.name());
        }
    }

    private static String parent(Document ipAddress) {
        return ipAddress.text("spec", "parentRef", "namespace").orElse("") + "/"
                + ipAddress.text("spec", "parentRef", "name").orElse("");
    }

    private static List<Address> addresses(Document service) {
        return service.texts("spec", "clusterIPs").stream()
                .flatMap(literal -> Address.parse(literal).stream())
                .toList();
    }

    @Override
    public Optional<Deleted> delete(ApiName name, Same same, WritePermit permit) {
        Optional<ApiObject> found = get(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        requireSame(found.get(), same, "deleting " + name);
        Document object = cluster.object(path(name)).orElseThrow();
        List<String> held = object.texts("metadata", "finalizers");
        // A cloud's controller takes its own away, once the load balancer is gone.
        if (!held.isEmpty() && !held.equals(List.of("service.kubernetes.io/load-balancer-cleanup"))) {
            cluster.put(
                    path(name), object.with(DocumentPath.of("metadata", "deletionTimestamp"), new Text(cluster.now())));
            cluster.react();
            return Optional.of(Deleted.TERMINATING);
        }
        cluster.remove(path(name));
        if (name.resource().equals("services")) {
            // An address in no range has no allocator that would take it back: it stays. As measured.
            addresses(object).stream()
                    .filter(cluster::isAllocatable)
                    .forEach(address -> cluster.remove("ipaddresses/" + address));
        }
        return Optional.of(Deleted.GONE);
    }

    @Override
    public ApiObject patch(ApiName name, Same same, PatchType type, Bytes patch, WritePermit permit) {
        String doing = "changing " + name;
        ApiObject found = get(name)
                .orElseThrow(() -> new Failure.Stale(
                        Problem.in(doing).found("it is gone").expected("the object that the plan saw")));
        requireSame(found, same, doing);
        Document now = cluster.object(path(name)).orElseThrow();
        Document then = new PlayedPatch(doing, type, Json.read(patch)).of(now);
        boolean ended = then.text("metadata", "deletionTimestamp").isPresent()
                && then.texts("metadata", "finalizers").isEmpty()
                && then.texts("spec", "finalizers").isEmpty();
        if (ended) {
            cluster.remove(path(name));
            new PlayedNamespaces(cluster).react(name.namespace());
            return found;
        }
        cluster.put(path(name), then);
        return get(name).orElseThrow();
    }

    private static void requireSame(ApiObject found, Same same, String doing) {
        boolean moved = same.resourceVersion()
                .filter(version -> !version.equals(found.resourceVersion()))
                .isPresent();
        if (!found.uid().equals(same.uid()) || moved) {
            throw new Failure.Stale(Problem.in(doing)
                    .found("UID " + found.uid() + ", resourceVersion " + found.resourceVersion())
                    .expected("the object that the plan saw"));
        }
    }

    private static String path(ApiName name) {
        return folder(name.group(), name.resource()) + "/" + (name.namespace().isEmpty() ? "" : name.namespace() + "/")
                + name.name();
    }

    private static String folder(String group, String resource) {
        boolean custom = group.contains(".") && !group.endsWith(".k8s.io");
        return custom || group.equals("apiregistration.k8s.io") || group.equals("apiextensions.k8s.io")
                ? group + "/" + resource
                : FOLDERS.getOrDefault(resource, resource);
    }
}
