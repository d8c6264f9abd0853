package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Nodes, namespaces, configuration, events and the cluster's own machinery.
///
/// Source: K8S pkg/printers/internalversion/printers.go; kube-aggregator pkg/registry/apiservice/etcd/etcd.go.
final class ClusterTables {
    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";
    static final Map<String, KindTable> ALL = Map.ofEntries(
            Map.entry("nodes", nodes()),
            Map.entry(
                    "namespaces",
                    KindTable.of(
                            s -> Subject.row(s.name(), s.text("status", "phase"), s.age()), "Name", "Status", "Age")),
            Map.entry(
                    "configmaps",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.document().mapping("data").size()
                                            + s.document().mapping("binaryData").size(),
                                    s.age()),
                            "Name",
                            "Data",
                            "Age")),
            Map.entry("events", events()),
            Map.entry(
                    "leases.coordination.k8s.io",
                    KindTable.of(
                            s -> Subject.row(s.name(), s.text("spec", "holderIdentity"), s.age()),
                            "Name",
                            "Holder",
                            "Age")),
            Map.entry(
                    "leasecandidates.coordination.k8s.io",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.text("spec", "leaseName"),
                                    s.text("spec", "binaryVersion"),
                                    s.text("spec", "emulationVersion"),
                                    s.age()),
                            "Name",
                            "LeaseName",
                            "BinaryVersion",
                            "EmulationVersion",
                            "Age")),
            Map.entry("customresourcedefinitions.apiextensions.k8s.io", createdAt()),
            Map.entry("limitranges", createdAt()),
            Map.entry(
                    "apiservices.apiregistration.k8s.io",
                    KindTable.of(
                            s -> Subject.row(s.name(), service(s), available(s), s.age()),
                            "Name",
                            "Service",
                            "Available",
                            "Age")),
            Map.entry(
                    "runtimeclasses.node.k8s.io",
                    KindTable.of(s -> Subject.row(s.name(), s.text("handler"), s.age()), "Name", "Handler", "Age")),
            Map.entry(
                    "storageversions.internal.apiserver.k8s.io",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.document()
                                            .text("status", "commonEncodingVersion")
                                            .orElse(Subject.UNSET),
                                    versions(s),
                                    s.age()),
                            "Name",
                            "CommonEncodingVersion",
                            "StorageVersions",
                            "Age")),
            Map.entry(
                    "storageversionmigrations.storagemigration.k8s.io",
                    KindTable.of(s -> Subject.row(s.name(), migrated(s), migration(s)), "Name", "Resource", "Status")));

    private ClusterTables() {}

    /// What the API shows of kinds for which nobody wrote a table.
    static KindTable createdAt() {
        return KindTable.of(s -> Subject.row(s.name(), s.text("metadata", "creationTimestamp")), "Name", "Created At");
    }

    private static KindTable nodes() {
        return KindTable.of(
                s -> Subject.row(
                        s.name(),
                        nodeStatus(s),
                        roles(s),
                        s.age(),
                        s.text("status", "nodeInfo", "kubeletVersion"),
                        address(s, "InternalIP"),
                        address(s, "ExternalIP"),
                        info(s, "osImage"),
                        kernel(s),
                        info(s, "containerRuntimeVersion")),
                "Name",
                "Status",
                "Roles",
                "Age",
                "Version",
                "+Internal-IP",
                "+External-IP",
                "+OS-Image",
                "+Kernel-Version",
                "+Container-Runtime");
    }

    private static String nodeStatus(Subject s) {
        String status = s.condition("Ready")
                .map(c -> c.text("status").orElse("").equals("True") ? "Ready" : "NotReady")
                .orElse("Unknown");
        return status + (s.truth("spec", "unschedulable") ? ",SchedulingDisabled" : "");
    }

    private static String roles(Subject s) {
        TreeSet<String> roles = new TreeSet<>();
        s.texts("metadata", "labels").forEach((label, value) -> {
            if (label.startsWith(ROLE_PREFIX) && label.length() > ROLE_PREFIX.length()) {
                roles.add(label.substring(ROLE_PREFIX.length()));
            } else if (label.equals("kubernetes.io/role") && !value.isEmpty()) {
                roles.add(value);
            }
        });
        return roles.isEmpty() ? Subject.NONE : String.join(",", roles);
    }

    private static String address(Subject s, String type) {
        return s.list("status", "addresses").stream()
                .filter(a -> a.text("type").orElse("").equals(type))
                .findFirst()
                .flatMap(a -> a.text("address"))
                .orElse(Subject.NONE);
    }

    private static String info(Subject s, String field) {
        return s.text(s.document().text("status", "nodeInfo", field), Subject.UNKNOWN);
    }

    private static String kernel(Subject s) {
        String architecture = s.text("status", "nodeInfo", "architecture");
        return info(s, "kernelVersion") + (architecture.isEmpty() ? "" : " (" + architecture + ")");
    }

    private static KindTable events() {
        return KindTable.of(
                ClusterTables::event,
                "Last Seen",
                "Type",
                "Reason",
                "Object",
                "+Subobject",
                "+Source",
                "Message",
                "+First Seen",
                "+Count",
                "+Name");
    }

    private static List<Document> event(Subject s) {
        String first = s.since(s.has("firstTimestamp") ? "firstTimestamp" : "eventTime");
        String last = s.has("lastTimestamp") ? s.since("lastTimestamp") : first;
        long count = Math.max(1, s.number("count"));
        if (s.has("series")) {
            last = s.since("series", "lastObservedTime");
            count = s.number("series", "count");
        }
        String kind = s.text("involvedObject", "kind").toLowerCase(Locale.ROOT);
        String name = s.text("involvedObject", "name");
        String component = s.text(s.document().text("source", "component"), s.text("reportingComponent"));
        String host = s.text(s.document().text("source", "host"), s.text("reportingInstance"));
        return Subject.row(
                last,
                s.text("type"),
                s.text("reason"),
                name.isEmpty() ? kind : kind + "/" + name,
                s.text("involvedObject", "fieldPath"),
                host.isEmpty() ? component : component + ", " + host,
                s.text("message").strip(),
                first,
                count,
                s.name());
    }

    private static String service(Subject s) {
        return s.has("spec", "service")
                ? s.text("spec", "service", "namespace") + "/" + s.text("spec", "service", "name")
                : "Local";
    }

    private static String available(Subject s) {
        Optional<Document> condition = s.condition("Available");
        String status = condition.flatMap(c -> c.text("status")).orElse("Unknown");
        String reason = condition.flatMap(c -> c.text("reason")).orElse("");
        return status.equals("True") || reason.isEmpty() ? status : status + " (" + reason + ")";
    }

    private static String versions(Subject s) {
        List<String> all = new ArrayList<>();
        for (Document version : s.list("status", "storageVersions")) {
            all.add(version.text("apiServerID").orElse("") + "="
                    + version.text("encodingVersion").orElse(""));
        }
        String shown = NetworkTables.firstFew(all);
        return shown.isEmpty() ? Subject.UNSET : shown;
    }

    private static String migrated(Subject s) {
        String group = s.text("spec", "resource", "group");
        return s.text("spec", "resource", "resource") + (group.isEmpty() ? "" : "." + group);
    }

    private static String migration(Subject s) {
        String status = "Unknown";
        for (String type : List.of("Running", "Failed", "Succeeded")) {
            status = s.conditionIsTrue(type) ? type : status;
        }
        return status;
    }
}
