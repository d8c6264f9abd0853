package io.etcdmedic.node.nix;

import io.etcdmedic.document.YamlReader;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.NodeObject;
import io.etcdmedic.node.facts.Container;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An apiserver for a node that has none of its own.
///
/// @param host without brackets
/// @param fact that says so
record RemoteApiServer(String host, String port, String fact) {
    /// nginx-proxy asks every apiserver at this one. Source: RKE services/nginx_proxy.go, rke-tools nginx.tmpl.
    private static final String PORT = "6443";

    private static final Pattern SERVER = Pattern.compile("https://(?:\\[([^\\]]+)\\]|([^/:\\[\\]]+))(?::(\\d+))?/?");

    /// What nginx-proxy was told, else the kubelet's kubeconfig (RKE1 names the proxy on the node there), else a
    /// Node of the control plane; empty when nothing says.
    static Optional<RemoteApiServer> of(NodeFacts facts, Optional<ClusterFacts> cluster) {
        return proxied(facts).or(() -> kubeconfig(facts)).or(() -> cluster.flatMap(RemoteApiServer::controlPlane));
    }

    private static Optional<RemoteApiServer> proxied(NodeFacts facts) {
        return facts.docker().found().stream()
                .filter(c -> c.name().equals("nginx-proxy"))
                .map(Container::environment)
                .flatMap(e -> Optional.ofNullable(e.get("CP_HOSTS")).stream())
                .map(hosts -> hosts.split(",", -1)[0].strip())
                .filter(host -> !host.isEmpty())
                .map(host -> new RemoteApiServer(host, PORT, "CP_HOSTS of nginx-proxy"))
                .findFirst();
    }

    private static Optional<RemoteApiServer> kubeconfig(NodeFacts facts) {
        Optional<String> path = facts.hostFlags(Component.KUBELET).get("kubeconfig");
        if (path.isEmpty() || !(facts.machine().read(path.get()) instanceof FileContent.Present file)) {
            return Optional.empty();
        }
        try {
            return YamlReader.read(file.bytes(), path.get()).list("clusters").stream()
                    .flatMap(c -> c.text("cluster", "server").stream())
                    .map(SERVER::matcher)
                    .filter(Matcher::matches)
                    .map(server -> new RemoteApiServer(
                            Optional.ofNullable(server.group(1)).orElseGet(() -> String.valueOf(server.group(2))),
                            Optional.ofNullable(server.group(3)).orElse("443"),
                            "the kubelet's " + path.get()))
                    .filter(server -> !server.isOwn())
                    .findFirst();
        } catch (Failure.Corrupt broken) {
            return Optional.empty();
        }
    }

    private boolean isOwn() {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    private static Optional<RemoteApiServer> controlPlane(ClusterFacts cluster) {
        return cluster.nodes().stream()
                .filter(node -> node.isControlPlane() && !node.addresses().isEmpty())
                .min(Comparator.comparing(NodeObject::name))
                .map(node -> new RemoteApiServer(
                        node.addresses().getFirst(), PORT, "the Node %s of the control plane".formatted(node.name())));
    }

    String url() {
        return "https://" + ModuleWriter.bracketed(host) + ":" + port;
    }
}
