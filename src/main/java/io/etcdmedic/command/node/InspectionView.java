package io.etcdmedic.command.node;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.host.systemd.ServiceUnit;
import io.etcdmedic.installation.Distribution;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.certs.CertificateList;
import io.etcdmedic.node.cni.CniInventory;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.rke.MemberPlace;
import io.etcdmedic.node.rke.NodeObject;
import io.etcdmedic.node.rke.RkeFiles;
import io.etcdmedic.node.runtime.Containerd;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// What a node is and runs, for people and as data.
///
/// @param flags whether people see every flag; data always has them
record InspectionView(NodeFacts facts, Optional<ClusterView> cluster, boolean flags) {
    private static final List<Column> PROPERTIES =
            List.of(Column.of("PROPERTY", "property"), Column.of("VALUE", "value"));
    private static final List<Column> CERTIFICATES = List.of(
            Column.of("FILE", "file"),
            Column.of("SUBJECT", "subject"),
            Column.of("ISSUER", "issuer"),
            Column.of("ENDS", "ends"),
            Column.of("NAMES", "names"));
    private static final List<Column> NETWORK =
            List.of(Column.of("FILE", "file"), Column.of("WHAT", "what"), Column.of("SAYS", "says"));
    private static final List<Column> MEMBERS = List.of(
            Column.of("ID", "id"),
            Column.of("NAME", "name"),
            Column.of("PEER URLS", "peerURLs"),
            Column.of("CLIENT URLS", "clientURLs"),
            Column.of("LEARNER", "learner"),
            Column.of("THIS NODE", "thisNode"));

    /// What the cluster's store says.
    ///
    /// @param state where RKE1's state of the cluster lies in it, or why there is none, in words
    /// @param trouble why nothing is known; empty when the store was read
    record ClusterView(List<NodeObject> nodes, List<MemberPlace> members, String state, String trouble) {}

    List<Content.Part> parts() {
        List<Content.Part> parts = new ArrayList<>();
        parts.add(new Content.Part("", "node", new Content.Prose(sentence() + "\n")));
        parts.add(new Content.Part("Identity", "identity", table(PROPERTIES, identity())));
        parts.add(new Content.Part(
                "Parts",
                "parts",
                new Content.Passages(
                        facts.everyPart().stream().map(this::passage).toList())));
        parts.add(new Content.Part("Container runtime", "runtime", table(PROPERTIES, runtime())));
        section(parts, "Network", "network", NETWORK, network());
        section(parts, "Certificates", "certificates", CERTIFICATES, certificates());
        section(parts, "etcd members", "members", MEMBERS, members());
        section(parts, "Files of RKE1", "rkeFiles", PROPERTIES, rkeFiles());
        section(parts, "Notes", "notes", PROPERTIES, notes());
        return parts;
    }

    private static void section(
            List<Content.Part> parts, String title, String field, List<Column> columns, List<List<String>> rows) {
        if (!rows.isEmpty()) {
            parts.add(new Content.Part(title, field, table(columns, rows)));
        }
    }

    private static Content.Table table(List<Column> columns, List<List<String>> rows) {
        return new Content.Table(
                columns,
                rows.stream()
                        .map(row -> row.stream().<Document>map(Text::new).toList())
                        .toList());
    }

    private String sentence() {
        List<String> names = facts.installation().distributions().stream()
                .sorted()
                .map(Distribution::words)
                .toList();
        return facts.machine().name() + ": "
                + (names.isEmpty() ? "nothing of Kubernetes or etcd was found" : String.join(" and ", names));
    }

    private List<List<String>> identity() {
        List<List<String>> rows = new ArrayList<>();
        row(rows, "host name", facts.hostName().orElse(""));
        row(rows, "names of the kubelet", String.join(", ", facts.nodeNames()));
        row(rows, "addresses", String.join(", ", facts.ownAddresses()));
        row(rows, "service range", facts.serviceRange().orElse(""));
        row(rows, "pod range", facts.podRange().orElse(""));
        cluster.ifPresent(view -> {
            row(rows, "Node object", nodeObject(view));
            row(rows, "RKE1's state in etcd", view.state());
            row(rows, "etcd could not be read", view.trouble());
        });
        return rows;
    }

    private String nodeObject(ClusterView view) {
        if (!view.trouble().isEmpty()) {
            return "";
        }
        return NodeObject.ofMachine(view.nodes(), facts)
                .map(node -> "%s (%s; pods %s; kubelet %s; %s; %s%s)"
                        .formatted(
                                node.name(),
                                String.join(", ", node.addresses()),
                                String.join(", ", node.podRanges()),
                                node.kubelet(),
                                node.runtime(),
                                node.ready() ? "Ready" : "not Ready",
                                node.cordoned() ? ", cordoned" : ""))
                .orElseGet(() -> "none of "
                        + String.join(
                                ", ",
                                view.nodes().stream().map(NodeObject::name).toList()));
    }

    private List<List<String>> runtime() {
        List<List<String>> rows = new ArrayList<>();
        if (!facts.docker().found().isEmpty()) {
            row(rows, "RKE1's containers", facts.docker().from());
            facts.docker()
                    .found()
                    .forEach(c -> row(
                            rows,
                            c.name(),
                            "%s, restart %s, %s"
                                    .formatted(
                                            c.running() ? "running" : "stopped",
                                            c.restart().isEmpty() ? "?" : c.restart(),
                                            c.image())));
        }
        row(rows, "docker", facts.docker().trouble());
        Containerd containerd = Containerd.of(facts, Optional.empty());
        row(rows, "containerd's configuration", containerd.from());
        row(rows, "not known of containerd", containerd.trouble());
        if (containerd.isKnown()) {
            row(rows, "containerd's version", containerd.version().orElse(""));
            row(rows, "sandbox image", containerd.config().sandboxImage().orElse("containerd's default"));
            row(rows, "socket", containerd.config().address());
        }
        return rows;
    }

    private List<List<String>> network() {
        return CniInventory.of(
                        facts.machine(), Containerd.of(facts, Optional.empty()).config())
                .stream()
                .map(row -> List.of(row.path(), row.what(), row.says()))
                .toList();
    }

    private List<List<String>> certificates() {
        return CertificateList.of(facts.machine()).stream()
                .map(row -> List.of(row.path(), row.subject(), row.issuer(), row.ends(), row.names()))
                .toList();
    }

    private List<List<String>> members() {
        List<MemberPlace> members = cluster.map(ClusterView::members).orElse(List.of());
        Optional<MemberPlace> own = MemberPlace.ofMachine(members, facts);
        return members.stream()
                .map(m -> List.of(
                        m.id(),
                        m.name(),
                        String.join(",", m.peerUrls()),
                        String.join(",", m.clientUrls()),
                        Boolean.toString(m.learner()),
                        own.equals(Optional.of(m)) ? "yes" : "no"))
                .toList();
    }

    private List<List<String>> rkeFiles() {
        return RkeFiles.of(facts.machine()).stream()
                .map(found -> List.of(found.path(), found.what()))
                .toList();
    }

    private List<List<String>> notes() {
        return facts.installation().notes().stream()
                .map(note -> List.of("note", note))
                .toList();
    }

    private static void row(List<List<String>> rows, String property, String value) {
        if (!value.isEmpty()) {
            rows.add(List.of(property, value));
        }
    }

    private Content.Passage passage(Part part) {
        List<String> lines = new ArrayList<>();
        if (flags) {
            unit(part)
                    .ifPresent(unit -> lines.add("by %s, as %s%s"
                            .formatted(
                                    unit.from(),
                                    unit.as().words(),
                                    unit.dropIns().isEmpty() ? "" : ", with " + String.join(", ", unit.dropIns()))));
            part.flags().values().forEach((name, values) -> values.forEach(v -> lines.add("--" + name + "=" + v)));
        }
        String heading = "%-24s %-16s %-10s %s"
                .formatted(
                        part.component().program(),
                        part.origin().words(),
                        part.version().orElse("-"),
                        part.image().isEmpty() ? part.where() : part.image());
        return new Content.Passage(heading, lines, part.component().program(), document(part));
    }

    private Optional<ServiceUnit> unit(Part part) {
        return part.origin() == Part.Origin.UNIT
                ? facts.services().named(part.component().program())
                : Optional.empty();
    }

    private Document document(Part part) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("component", new Text(part.component().program()));
        fields.put("origin", new Text(part.origin().words()));
        fields.put("where", new Text(part.where()));
        fields.put("version", part.version().<Document>map(Text::new).orElse(Document.Nil.NULL));
        fields.put("image", new Text(part.image()));
        fields.put("user", new Text(part.user()));
        unit(part).ifPresent(unit -> {
            fields.put("group", new Text(unit.as().group().orElse("")));
            fields.put("supplementaryGroups", texts(unit.as().supplementary()));
            fields.put("saidBy", new Text(unit.from()));
            fields.put("dropIns", texts(unit.dropIns()));
        });
        SequencedMap<String, Document> values = new LinkedHashMap<>();
        part.flags().values().forEach((name, all) -> values.put(name, flag(all)));
        fields.put("flags", new Document.Mapping(values));
        return new Document.Mapping(fields);
    }

    private static Document flag(List<String> values) {
        return values.size() == 1 ? new Text(values.getFirst()) : texts(values);
    }

    private static Document texts(List<String> values) {
        return new Document.Sequence(values.stream().<Document>map(Text::new).toList());
    }
}
