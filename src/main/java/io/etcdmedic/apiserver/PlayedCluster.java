package io.etcdmedic.apiserver;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Overlay;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// What a kube-apiserver and a controller manager would do to the service network, done at once over an overlay.
///
/// Played: the default ServiceCIDR made from the flags when it is absent, its finalizer and condition, its deletion
/// once nothing holds it; Service `kubernetes` made when it is absent; an IPAddress with each Service, and
/// taken back with it unless its address is in no range; the end of a namespace. Not played: time, events,
/// endpoints, every other controller.
/// Source: K8S pkg/controlplane/controller/defaultservicecidr, pkg/controller/servicecidrs,
/// pkg/registry/core/service/ipallocator.
public final class PlayedCluster {
    static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";
    private static final String RANGE = "servicecidrs/kubernetes";
    private static final String KUBERNETES = "services/specs/default/kubernetes";
    private final Overlay overlay;
    private final Function<Entry, Document> decode;
    private final String prefix;
    private final List<Cidr> flags;
    private final Clock clock;
    private final RandomGenerator random;

    /// @param decode a stored value as a document
    /// @param prefix `--etcd-prefix`
    /// @param flags `--service-cluster-ip-range` of the kube-apiserver that is played
    public PlayedCluster(
            Overlay overlay,
            Function<Entry, Document> decode,
            String prefix,
            List<Cidr> flags,
            Clock clock,
            RandomGenerator random) {
        this.overlay = overlay;
        this.decode = decode;
        this.prefix = prefix;
        this.flags = List.copyOf(flags);
        this.clock = clock;
        this.random = random;
    }

    Overlay overlay() {
        return overlay;
    }

    List<Cidr> flags() {
        return flags;
    }

    Key key(String path) {
        return Key.of(prefix + "/" + path);
    }

    Optional<Entry> entry(String path) {
        return overlay.get(key(path));
    }

    Optional<Document> object(String path) {
        return object(key(path));
    }

    Optional<Document> object(Key key) {
        return overlay.get(key).map(decode);
    }

    RegistryKeys registry() {
        return new RegistryKeys(prefix);
    }

    /// Every key below the prefix.
    List<Key> keys() {
        List<Key> found = new ArrayList<>();
        try (Entries entries = overlay.scan(KeyRange.prefix(key("")), Scan.keys())) {
            entries.forEachRemaining(entry -> found.add(entry.key()));
        }
        return found;
    }

    List<Document> all(String folder) {
        List<Document> found = new ArrayList<>();
        try (Entries entries = overlay.scan(KeyRange.prefix(key(folder)), Scan.values())) {
            entries.forEachRemaining(entry -> found.add(decode.apply(entry)));
        }
        return found;
    }

    void put(String path, Document object) {
        overlay.apply(new Transaction(
                List.of(), List.of(new Write.Put(key(path), Json.compactBytes(object), LeaseId.NONE)), List.of()));
    }

    void remove(String path) {
        remove(key(path));
    }

    void remove(Key key) {
        overlay.apply(new Transaction(List.of(), List.of(new Write.Delete(key)), List.of()));
    }

    /// The object with what the server fills in at its creation.
    Document born(Document object) {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return object.with(
                        DocumentPath.of("metadata", "uid"),
                        new Text(UUID.nameUUIDFromBytes(bits).toString()))
                .with(DocumentPath.of("metadata", "creationTimestamp"), new Text(now()));
    }

    String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// Everything that the controllers would do by now.
    public void react() {
        finishDeletedRange();
        if (object(RANGE).isEmpty()) {
            makeRange();
        }
        if (object(KUBERNETES).isEmpty() && isAllocatable(flags.getFirst().first())) {
            makeKubernetes();
        }
    }

    private void finishDeletedRange() {
        Optional<Document> range = object(RANGE);
        if (range.isEmpty() || range.get().text("metadata", "deletionTimestamp").isEmpty()) {
            return;
        }
        List<Cidr> old = cidrs(range.get());
        List<Cidr> others = all("servicecidrs/").stream()
                .filter(PlayedCluster::isReady)
                .flatMap(other -> cidrs(other).stream())
                .toList();
        boolean held = all("ipaddresses/").stream()
                .flatMap(ip -> Address.parse(ip.text("metadata", "name").orElse("")).stream())
                .anyMatch(address -> old.stream().anyMatch(c -> c.contains(address))
                        && others.stream().noneMatch(c -> c.contains(address)));
        if (!held) {
            remove(RANGE);
        }
    }

    private void makeRange() {
        String cidrs = Json.compact(new Document.Sequence(
                flags.stream().<Document>map(c -> new Text(c.toString())).toList()));
        put(RANGE, born(Json.read("""
                                {"apiVersion":"networking.k8s.io/v1","kind":"ServiceCIDR",
                                 "metadata":{"name":"kubernetes","finalizers":["%s"]},"spec":{"cidrs":%s},
                                 "status":{"conditions":[{"type":"Ready","status":"True","reason":"",
                                  "lastTransitionTime":"%s","message":"Kubernetes Service CIDR is ready"}]}}
                                """.formatted(FINALIZER, cidrs, now()))));
    }

    private void makeKubernetes() {
        Address first = flags.getFirst().first();
        if (entry("ipaddresses/" + first).isPresent()) {
            return;
        }
        put(KUBERNETES, born(Json.read("""
                                {"apiVersion":"v1","kind":"Service","metadata":{"name":"kubernetes","namespace":"default",
                                 "labels":{"component":"apiserver","provider":"kubernetes"}},
                                 "spec":{"clusterIP":"%s","clusterIPs":["%s"],"ipFamilies":["%s"],
                                  "ipFamilyPolicy":"SingleStack","internalTrafficPolicy":"Cluster","sessionAffinity":"None",
                                  "type":"ClusterIP","ports":[{"name":"https","port":443,"protocol":"TCP","targetPort":6443}]},
                                 "status":{"loadBalancer":{}}}
                                """.formatted(
                        first, first, first.family().words()))));
        reserve(first, "default", "kubernetes");
    }

    /// Whether a Service could be given `address`: it is inside a ready range.
    boolean isAllocatable(Address address) {
        return all("servicecidrs/").stream()
                .filter(PlayedCluster::isReady)
                .flatMap(range -> cidrs(range).stream())
                .anyMatch(cidr -> cidr.contains(address));
    }

    /// The lowest address of the default range that nobody has.
    Address free() {
        Address address = flags.getFirst().first();
        while (entry("ipaddresses/" + address).isPresent()) {
            address = address.next();
        }
        return address;
    }

    void reserve(Address address, String namespace, String name) {
        put("ipaddresses/" + address, born(Json.read("""
                                {"apiVersion":"networking.k8s.io/v1","kind":"IPAddress","metadata":{"name":"%s","labels":{
                                 "ipaddress.kubernetes.io/ip-family":"%s",
                                 "ipaddress.kubernetes.io/managed-by":"ipallocator.k8s.io"}},
                                 "spec":{"parentRef":{"resource":"services","namespace":"%s","name":"%s"}}}
                                """.formatted(
                        address, address.family().words(), namespace, name))));
    }

    static boolean isReady(Document range) {
        return range.text("metadata", "deletionTimestamp").isEmpty()
                && range.text("status", "conditions", "type=Ready", "status")
                        .orElse("True")
                        .equals("True");
    }

    static List<Cidr> cidrs(Document range) {
        return range.texts("spec", "cidrs").stream()
                .flatMap(text -> Cidr.parse(text).stream())
                .toList();
    }

    /// The JSON that the API would answer: with the resourceVersion that is not stored.
    Bytes served(Entry entry) {
        return Json.compactBytes(decode.apply(entry)
                .with(
                        DocumentPath.of("metadata", "resourceVersion"),
                        new Text(entry.modRevision().toString())));
    }
}
