package io.etcdmedic.node.rke;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.YamlReader;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.Accounts;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// RKE1's own files, where `rke up` was run on the node or somebody copied them to it.
public final class RkeFiles {
    private static final List<String> NAMES = List.of(
            "cluster.yml", "cluster.yaml", "cluster.rkestate", "rancher-cluster.yml", "rancher-cluster.rkestate");

    private RkeFiles() {}

    /// @param what it says of the cluster, in words; or why it cannot be read
    public record Found(String path, String what) {}

    public static List<Found> of(Machine machine) {
        // People of another source than /etc/passwd have their homes there, too.
        Stream<String> homes = Stream.concat(
                Accounts.of(machine).homes().stream(),
                machine.list("/home").stream().map(user -> "/home/" + user));
        Stream<String> folders = Stream.concat(
                homes.distinct().flatMap(home -> Stream.of(home, home + "/rke")),
                Stream.of("/opt/rke", "/etc/rke", "/etc/kubernetes"));
        return folders.flatMap(folder -> NAMES.stream().map(name -> folder + "/" + name))
                .flatMap(path -> found(machine, path))
                .toList();
    }

    private static Stream<Found> found(Machine machine, String path) {
        return switch (machine.read(path)) {
            case FileContent.Absent _ -> Stream.empty();
            case FileContent.Unreadable unreadable -> Stream.of(new Found(path, unreadable.why()));
            case FileContent.Present file -> {
                try {
                    boolean state = path.endsWith(".rkestate");
                    Document config = state
                            ? ClusterState.parse(path, file.bytes()).config()
                            : YamlReader.read(file.bytes(), path);
                    yield Stream.of(new Found(path, words(config)));
                } catch (Failure.Corrupt broken) {
                    yield Stream.of(new Found(path, broken.problem().message()));
                }
            }
        };
    }

    /// "cluster local: 3 nodes, Kubernetes v1.26.8-rancher1-1, services 10.43.0.0/16, network canal".
    static String words(Document config) {
        List<String> words = new ArrayList<>();
        config.text("cluster_name")
                .or(() -> config.text("clusterName"))
                .ifPresent(name -> words.add("cluster " + name));
        words.add(config.list("nodes").size() + " nodes");
        config.text("kubernetes_version")
                .or(() -> config.text("kubernetesVersion"))
                .ifPresent(version -> words.add("Kubernetes " + version));
        config.text("services", "kube-api", "service_cluster_ip_range")
                .or(() -> config.text("services", "kubeApi", "serviceClusterIpRange"))
                .ifPresent(range -> words.add("services " + range));
        config.text("network", "plugin").ifPresent(plugin -> words.add("network " + plugin));
        return String.join(", ", words);
    }
}
