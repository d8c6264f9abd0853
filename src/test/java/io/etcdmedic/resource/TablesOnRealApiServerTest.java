package io.etcdmedic.resource;

import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.kubernetes.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Our tables beside those of a real kube-apiserver, over every resource that a snapshot holds.
///
/// Half a minute each, which is the kube-apiserver's start.
class TablesOnRealApiServerTest {
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private static final RegistryKeys REGISTRY = new RegistryKeys("/registry");
    private final Codec codec = Codec.plain();
    private final TreeSet<String> compared = new TreeSet<>();
    private final SoftAssertions softly = new SoftAssertions();
    private int rows;

    @ParameterizedTest
    @CsvSource({
        "src/test/resources/fixtures/kubernetes-1.36/snapshot.db, 10.43.0.0/16, 30",
        "src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db, 10.43.0.0/16, 20"
    })
    void everyCellIsWhatTheApiServerSays(Path snapshot, String range, int least) {
        try (KubeProcess kube = KubeProcess.over(snapshot).startApiServer(range);
                EtcdCluster cluster = EtcdCluster.open(Connections.plain(kube.endpoint()))) {
            Keyspace etcd = cluster.keyspace();
            for (Resource resource : Resources.builtIn().all()) {
                compare(kube, etcd, resource, KindTables.of(resource));
            }
            custom(kube, etcd);
        }
        softly.assertThat(compared).as("resources of which rows were compared").hasSizeGreaterThan(least);
        softly.assertThat(rows).isGreaterThan(200);
        softly.assertAll();
    }

    private void custom(KubeProcess kube, Keyspace etcd) {
        String folder = "/registry/apiextensions.k8s.io/customresourcedefinitions/";
        try (Entries definitions = etcd.scan(KeyRange.prefix(Key.of(folder)), Scan.values())) {
            while (definitions.hasNext()) {
                Document definition = codec.document(definitions.next());
                String group = definition.text("spec", "group").orElseThrow();
                String plural = definition.text("spec", "names", "plural").orElseThrow();
                boolean namespaced = definition.text("spec", "scope").orElse("").equals("Namespaced");
                Resource resource =
                        new Resource(group + "/" + plural, plural, group, namespaced, "", plural, List.of());
                compare(kube, etcd, resource, Optional.of(CustomTable.of(definition)));
            }
        }
    }

    private void compare(KubeProcess kube, Keyspace etcd, Resource resource, Optional<KindTable> known) {
        Optional<String> path = path(kube, resource);
        Map<String, Entry> stored = stored(etcd, resource);
        if (path.isEmpty() || stored.isEmpty()) {
            return;
        }
        Instant before = Instant.now();
        Optional<Document> table =
                kube.ask(path.get() + "?includeObject=Metadata", TABLE).map(Json::read);
        if (table.isEmpty()) {
            return;
        }
        KindTable ours = known.orElseGet(KindTables::nameAndAge);
        softly.assertThat(ours.headings(true).stream().map(Heading::name).toList())
                .as(resource.qualified())
                .isEqualTo(headings(table.get()));
        for (Document row : table.get().list("rows")) {
            String name = row.text("object", "metadata", "namespace").orElse("") + "/"
                    + row.text("object", "metadata", "name").orElseThrow();
            Entry entry = stored.get(name);
            String version = row.text("object", "metadata", "resourceVersion").orElse("");
            if (entry != null
                    && version.equals(Long.toString(entry.modRevision().number()))) {
                softly.assertThat(List.of(
                                cells(ours, entry, before), cells(ours, entry, before.plus(Duration.ofSeconds(1)))))
                        .as("%s %s at %s", resource.qualified(), name, before)
                        .contains(texts(row.list("cells"), ours.headings().size()));
                rows++;
                compared.add(resource.qualified());
            }
        }
    }

    private static List<String> headings(Document table) {
        return table.list("columnDefinitions").stream()
                .map(c -> c.text("name").orElseThrow())
                .toList();
    }

    private List<String> cells(KindTable table, Entry entry, Instant now) {
        return texts(
                table.row(new Subject(codec.document(entry), now, true)),
                table.headings().size());
    }

    private static List<String> texts(List<Document> cells, int count) {
        return cells.stream()
                .limit(count)
                .map(c -> c instanceof Document.Nil ? "" : Subject.scalar(c).orElseThrow())
                .toList();
    }

    private Map<String, Entry> stored(Keyspace etcd, Resource resource) {
        Map<String, Entry> stored = new HashMap<>();
        KeyRange range = KeyRange.prefix(Key.of(REGISTRY.folderOf(resource, Optional.empty())));
        try (Entries entries = etcd.scan(range, Scan.values())) {
            entries.forEachRemaining(e ->
                    REGISTRY.parse(e.key().bytes()).ifPresent(n -> stored.put(n.namespace() + "/" + n.name(), e)));
        }
        return stored;
    }

    private static Optional<String> path(KubeProcess kube, Resource resource) {
        if (resource.group().isEmpty()) {
            return Optional.of("/api/v1/" + resource.plural());
        }
        List<String> versions = new ArrayList<>();
        kube.ask("/apis/" + resource.group(), "application/json")
                .map(Json::read)
                .ifPresent(group -> {
                    group.text("preferredVersion", "groupVersion").ifPresent(versions::add);
                    group.list("versions").forEach(v -> v.text("groupVersion").ifPresent(versions::add));
                });
        return versions.stream()
                .map(v -> "/apis/" + v + "/" + resource.plural())
                .filter(p -> kube.ask(p + "?limit=1", "application/json").isPresent())
                .findFirst();
    }
}
