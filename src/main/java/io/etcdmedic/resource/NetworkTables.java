package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Services and what belongs to them. Source: K8S pkg/printers/internalversion/printers.go.
final class NetworkTables {
    private static final int SHOWN_MAX = 3;
    private static final int LOAD_BALANCER_WIDTH = 16;
    static final Map<String, KindTable> ALL = Map.ofEntries(
            Map.entry("services", services()),
            Map.entry(
                    "endpoints",
                    KindTable.of(s -> Subject.row(s.name(), endpoints(s), s.age()), "Name", "Endpoints", "Age")),
            Map.entry(
                    "endpointslices.discovery.k8s.io",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(), s.text("addressType"), slicePorts(s), sliceEndpoints(s), s.age()),
                            "Name",
                            "AddressType",
                            "Ports",
                            "Endpoints",
                            "Age")),
            Map.entry("ingresses.networking.k8s.io", ingresses()),
            Map.entry(
                    "ingressclasses.networking.k8s.io",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name() + (isDefault(s) ? " (default)" : ""),
                                    s.text("spec", "controller"),
                                    parameters(s),
                                    s.age()),
                            "Name",
                            "Controller",
                            "Parameters",
                            "Age")),
            Map.entry(
                    "networkpolicies.networking.k8s.io",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(), LabelRequirements.of(s.document().at("spec", "podSelector")), s.age()),
                            "Name",
                            "Pod-Selector",
                            "Age")),
            Map.entry(
                    "servicecidrs.networking.k8s.io",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(), String.join(",", s.document().texts("spec", "cidrs")), s.age()),
                            "Name",
                            "CIDRs",
                            "Age")),
            Map.entry(
                    "ipaddresses.networking.k8s.io",
                    KindTable.of(s -> Subject.row(s.name(), parent(s)), "Name", "ParentRef")));

    private NetworkTables() {}

    private static KindTable services() {
        return KindTable.of(
                s -> Subject.row(
                        s.name(),
                        s.text("spec", "type"),
                        s.document().texts("spec", "clusterIPs").stream()
                                .findFirst()
                                .or(() -> s.document().text("spec", "clusterIP").filter(ip -> !ip.isEmpty()))
                                .orElse(Subject.NONE),
                        externalIp(s),
                        servicePorts(s),
                        s.age(),
                        s.labels("spec", "selector")),
                "Name",
                "Type",
                "Cluster-IP",
                "External-IP",
                "Port(s)",
                "Age",
                "+Selector");
    }

    private static String externalIp(Subject s) {
        List<String> external = s.document().texts("spec", "externalIPs");
        return switch (s.text("spec", "type")) {
            case "ClusterIP", "NodePort" -> external.isEmpty() ? Subject.NONE : String.join(",", external);
            case "LoadBalancer" -> {
                List<String> all = new ArrayList<>();
                String balanced = loadBalancer(s);
                if (!balanced.isEmpty()) {
                    all.add(balanced);
                }
                all.addAll(external);
                yield all.isEmpty() ? "<pending>" : String.join(",", all);
            }
            case "ExternalName" -> s.text("spec", "externalName");
            default -> Subject.UNKNOWN;
        };
    }

    /// The addresses that a load balancer answered with, cut off where space is scarce.
    private static String loadBalancer(Subject s) {
        TreeSet<String> addresses = new TreeSet<>();
        for (Document ingress : s.list("status", "loadBalancer", "ingress")) {
            ingress.text("ip")
                    .filter(ip -> !ip.isEmpty())
                    .or(() -> ingress.text("hostname").filter(h -> !h.isEmpty()))
                    .ifPresent(addresses::add);
        }
        String joined = String.join(",", addresses);
        return !s.wide() && joined.length() > LOAD_BALANCER_WIDTH
                ? joined.substring(0, LOAD_BALANCER_WIDTH - 3) + "..."
                : joined;
    }

    private static String servicePorts(Subject s) {
        String ports = s.list("spec", "ports").stream()
                .map(p -> {
                    long node = p.whole("nodePort").orElse(0);
                    return p.whole("port").orElse(0) + (node > 0 ? ":" + node : "") + "/"
                            + p.text("protocol").orElse("");
                })
                .collect(Collectors.joining(","));
        return ports.isEmpty() ? Subject.NONE : ports;
    }

    private static String endpoints(Subject s) {
        List<String> all = new ArrayList<>();
        for (Document subset : s.list("subsets")) {
            List<Document> ports = subset.list("ports");
            List<String> addresses = subset.list("addresses").stream()
                    .map(a -> a.text("ip").orElse(""))
                    .toList();
            if (ports.isEmpty()) {
                all.addAll(addresses);
            }
            for (Document port : ports) {
                addresses.forEach(ip -> all.add((ip.contains(":") ? "[" + ip + "]" : ip) + ":"
                        + port.whole("port").orElse(0)));
            }
        }
        return s.list("subsets").isEmpty() ? Subject.NONE : firstFew(all);
    }

    private static String slicePorts(Subject s) {
        return orUnset(firstFew(s.list("ports").stream()
                .map(p -> p.at("port")
                        .flatMap(Subject::scalar)
                        .or(() -> p.text("name"))
                        .orElse("*"))
                .toList()));
    }

    private static String sliceEndpoints(Subject s) {
        return orUnset(firstFew(s.list("endpoints").stream()
                .flatMap(e -> e.texts("addresses").stream())
                .toList()));
    }

    private static String orUnset(String text) {
        return text.isEmpty() ? Subject.UNSET : text;
    }

    static String firstFew(List<String> all) {
        int more = all.size() - SHOWN_MAX;
        String shown = String.join(",", all.subList(0, Math.min(SHOWN_MAX, all.size())));
        return more > 0 ? shown + " + " + more + " more..." : shown;
    }

    private static KindTable ingresses() {
        return KindTable.of(
                s -> Subject.row(
                        s.name(),
                        s.document().text("spec", "ingressClassName").orElse(Subject.NONE),
                        hosts(s),
                        loadBalancer(s),
                        s.list("spec", "tls").isEmpty() ? "80" : "80, 443",
                        s.age()),
                "Name",
                "Class",
                "Hosts",
                "Address",
                "Ports",
                "Age");
    }

    private static String hosts(Subject s) {
        List<Document> rules = s.list("spec", "rules");
        List<String> shown = new ArrayList<>();
        boolean more = false;
        for (Document rule : rules) {
            more = more || shown.size() == SHOWN_MAX;
            String host = rule.text("host").orElse("");
            if (!more && !host.isEmpty()) {
                shown.add(host);
            }
        }
        if (shown.isEmpty()) {
            return "*";
        }
        return String.join(",", shown) + (more ? " + " + (rules.size() - SHOWN_MAX) + " more..." : "");
    }

    private static boolean isDefault(Subject s) {
        return s.text("metadata", "annotations", "ingressclass.kubernetes.io/is-default-class")
                .equals("true");
    }

    private static String parameters(Subject s) {
        if (!s.has("spec", "parameters")) {
            return Subject.NONE;
        }
        Optional<String> group = s.document().text("spec", "parameters", "apiGroup");
        return s.text("spec", "parameters", "kind") + group.map(g -> "." + g).orElse("") + "/"
                + s.text("spec", "parameters", "name");
    }

    private static String parent(Subject s) {
        if (!s.has("spec", "parentRef")) {
            return Subject.NONE;
        }
        String group = s.text("spec", "parentRef", "group");
        String namespace = s.text("spec", "parentRef", "namespace");
        String resource = s.text("spec", "parentRef", "resource") + (group.isEmpty() ? "" : "." + group);
        return resource.toLowerCase(java.util.Locale.ROOT) + (namespace.isEmpty() ? "" : "/" + namespace) + "/"
                + s.text("spec", "parentRef", "name");
    }
}
