package io.etcdmedic.command.node;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.installation.Distribution;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.render.Content;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What a node is and runs, for people and as data.
record InspectionView(NodeFacts facts, boolean flags) {

    List<Content.Part> parts() {
        List<Content.Part> parts = new ArrayList<>();
        parts.add(new Content.Part("", "node", new Content.Prose(sentence() + "\n")));
        parts.add(new Content.Part(
                "",
                "parts",
                new Content.Passages(
                        facts.everyPart().stream().map(this::passage).toList())));
        return parts;
    }

    private String sentence() {
        List<String> names = facts.installation().distributions().stream()
                .sorted()
                .map(Distribution::words)
                .toList();
        return facts.machine().name() + ": "
                + (names.isEmpty() ? "nothing of Kubernetes or etcd was found" : String.join(" and ", names));
    }

    private Content.Passage passage(Part part) {
        List<String> lines = new ArrayList<>();
        if (flags) {
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

    private static Document document(Part part) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("component", new Text(part.component().program()));
        fields.put("origin", new Text(part.origin().words()));
        fields.put("where", new Text(part.where()));
        fields.put("version", part.version().<Document>map(Text::new).orElse(Document.Nil.NULL));
        fields.put("image", new Text(part.image()));
        fields.put("user", new Text(part.user()));
        SequencedMap<String, Document> values = new LinkedHashMap<>();
        part.flags().values().forEach((name, all) -> values.put(name, flag(all)));
        fields.put("flags", new Document.Mapping(values));
        return new Document.Mapping(fields);
    }

    private static Document flag(List<String> values) {
        return values.size() == 1
                ? new Text(values.getFirst())
                : new Document.Sequence(values.stream().<Document>map(Text::new).toList());
    }
}
