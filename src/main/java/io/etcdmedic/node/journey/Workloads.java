package io.etcdmedic.node.journey;

import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.node.cluster.ClusterReader;
import java.util.Optional;
import java.util.function.Consumer;

/// What etcd says of the pods on one node, and of the cluster's own services.
///
/// @param pods on the node that should run
/// @param running of them
/// @param dnsReady addresses of the name server that are ready, in the whole cluster
/// @param masterleases addresses of apiservers that renew their lease
public record Workloads(long pods, long running, long dnsReady, java.util.List<String> masterleases) {
    public Workloads {
        masterleases = java.util.List.copyOf(masterleases);
    }

    public static Workloads read(Keyspace keyspace, ClusterReader.Decoding decoding, String prefix, String node) {
        long[] counts = new long[3];
        each(keyspace, decoding, prefix + "/pods/", pod -> {
            boolean here = pod.text("spec", "nodeName").filter(node::equals).isPresent();
            String phase = pod.text("status", "phase").orElse("");
            if (here && !phase.equals("Succeeded") && !phase.equals("Failed")) {
                counts[0]++;
                counts[1] += phase.equals("Running") ? 1 : 0;
            }
        });
        each(keyspace, decoding, prefix + "/endpointslices/kube-system/", slice -> {
            String service = slice.text("metadata", "labels", "kubernetes.io/service-name")
                    .orElse("");
            if (service.equals("kube-dns") || service.contains("coredns")) {
                counts[2] += slice.list("endpoints").stream()
                        .filter(e -> e.truth("conditions", "ready").orElse(true))
                        .count();
            }
        });
        java.util.List<String> leases = new java.util.ArrayList<>();
        try (Entries entries = keyspace.scan(KeyRange.prefix(Key.of(prefix + "/masterleases/")), Scan.keys())) {
            entries.forEachRemaining(e -> leases.add(e.key().text().substring((prefix + "/masterleases/").length())));
        }
        return new Workloads(counts[0], counts[1], counts[2], leases);
    }

    private static void each(
            Keyspace keyspace, ClusterReader.Decoding decoding, String folder, Consumer<Document> consumer) {
        try (Entries entries = keyspace.scan(KeyRange.prefix(Key.of(folder)), Scan.values())) {
            while (entries.hasNext()) {
                document(decoding, entries.next()).ifPresent(consumer);
            }
        }
    }

    private static Optional<Document> document(ClusterReader.Decoding decoding, Entry entry) {
        try {
            return Optional.of(decoding.document(entry));
        } catch (Failure.Corrupt | Failure.Locked unreadable) {
            return Optional.empty();
        }
    }
}
