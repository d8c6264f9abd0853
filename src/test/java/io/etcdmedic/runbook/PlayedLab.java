package io.etcdmedic.runbook;

import io.etcdmedic.apiserver.ApiCollection;
import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.apiserver.PlayedApi;
import io.etcdmedic.apiserver.PlayedCluster;
import io.etcdmedic.apiserver.PlayedKeyspace;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Overlay;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// The broken cluster over an overlay, with a played apiserver.
final class PlayedLab implements AutoCloseable {
    static final List<Cidr> TARGET = Cidr.parseAll("10.43.0.0/16");
    private static final Path BROKEN = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private final SnapshotKeyspace snapshot = SnapshotFile.open(BROKEN);
    final Overlay overlay = new Overlay(snapshot);
    final RepairLab lab;
    private final PlayedApi played;
    private final PlayedKeyspace keyspace;
    private final Runbook runbook;
    private final Codec codec;
    private Optional<ApiReading> api;

    PlayedLab(Runbook runbook) {
        this(runbook, Codec.plain());
    }

    PlayedLab(Runbook runbook, Codec codec) {
        this.codec = codec;
        PlayedCluster cluster =
                new PlayedCluster(overlay, codec::document, "/registry", TARGET, Clock.systemUTC(), new Random(1));
        this.runbook = runbook;
        this.keyspace = new PlayedKeyspace(cluster);
        this.played = new PlayedApi(cluster);
        this.api = Optional.of(played);
        this.lab = new RepairLab(keyspace, api, codec::document, runbook);
        lab.codec = codec;
    }

    /// Puts an object as it might have been stored, before the repair begins.
    PlayedLab with(String key, String json) {
        overlay.apply(new Transaction(
                List.of(), List.of(new Write.Put(Key.of(key), Bytes.utf8(json), LeaseId.NONE)), List.of()));
        return this;
    }

    PlayedLab without(String key) {
        overlay.apply(new Transaction(List.of(), List.of(new Write.Delete(Key.of(key))), List.of()));
        return this;
    }

    /// The API says another version of itself, and serves the service network in that version.
    PlayedLab saying(String version, String served) {
        api = Optional.of(new ServiceCidrFindingTest.Saying(played, version, served));
        return this;
    }

    /// No API was named.
    PlayedLab withoutApi() {
        api = Optional.empty();
        return this;
    }

    /// The same, seen through something.
    RepairLab behind(UnaryOperator<WritableKeyspace> through) {
        return new RepairLab(through.apply(keyspace), api, codec::document, runbook);
    }

    /// The same as a live cluster.
    RepairLab live() {
        return new RepairLab(new AsLive(keyspace), api, codec::document, runbook);
    }

    /// This cluster's etcd, and the API of another one.
    RepairLab withApiOf(PlayedLab other) {
        return new RepairLab(keyspace, other.api, codec::document, runbook);
    }

    /// The same cluster, asked through something that troubles the answers.
    RepairLab asked(UnaryOperator<ApiReading> through) {
        return new RepairLab(keyspace, api.map(through), codec::document, runbook);
    }

    SortedSet<String> facts() {
        return facts(played);
    }

    /// The service network as an API shows it: ranges, Services' addresses, IPAddresses with their Services.
    static SortedSet<String> facts(ApiReading api) {
        SortedSet<String> facts = new TreeSet<>();
        ApiCollection ranges = new ApiCollection("networking.k8s.io", "v1", "servicecidrs", "");
        ApiCollection addresses = new ApiCollection("networking.k8s.io", "v1", "ipaddresses", "");
        api.list(ranges)
                .forEach(range ->
                        facts.add("range " + range.text("metadata", "name").orElse("") + " "
                                + range.texts("spec", "cidrs") + " ready "
                                + range.text("status", "conditions", "type=Ready", "status")
                                        .orElse("") + " "
                                + range.texts("metadata", "finalizers")));
        api.list(addresses)
                .forEach(address -> facts.add("address "
                        + address.text("metadata", "name").orElse("") + " of "
                        + address.text("spec", "parentRef", "name").orElse("") + " "
                        + new TreeMap<>(address.mapping("metadata", "labels"))));
        api.list(new ApiCollection("", "v1", "services", ""))
                .forEach(service -> facts.add("service "
                        + service.text("metadata", "name").orElse("") + " " + service.texts("spec", "clusterIPs")));
        return facts;
    }

    Document object(String key) {
        return codec.document(overlay.get(Key.of(key)).orElseThrow());
    }

    /// Hashes of the stored bytes of everything below `folders`.
    SortedMap<String, String> bytes(String... folders) {
        SortedMap<String, String> found = new TreeMap<>();
        for (String folder : folders) {
            try (Entries entries = overlay.scan(KeyRange.prefix(Key.of(folder)), Scan.values())) {
                entries.forEachRemaining(entry -> found.put(
                        entry.key().display(), Sha256.of(entry.value()).hex().substring(0, 12)));
            }
        }
        return found;
    }

    boolean has(String key) {
        return overlay.get(Key.of(key)).isPresent();
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
