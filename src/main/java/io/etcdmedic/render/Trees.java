package io.etcdmedic.render;

import io.etcdmedic.document.Document;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// Trees as text with lines, and as data.
final class Trees {
    private Trees() {}

    static void write(Content.Branch root, Consumer<String> text) {
        text.accept(oneLine(root) + "\n");
        children(root.children(), "", text);
    }

    private static void children(List<Content.Branch> children, String indent, Consumer<String> text) {
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            Content.Branch child = children.get(i);
            text.accept(indent + (last ? "└── " : "├── ") + oneLine(child) + "\n");
            children(child.children(), indent + (last ? "    " : "│   "), text);
        }
    }

    private static String oneLine(Content.Branch branch) {
        String name = branch.name().replace('\n', ' ').replace('\t', ' ');
        boolean leaf = branch.keys() == 1 && branch.children().isEmpty() && !name.endsWith("/");
        return leaf ? name : name + "  " + branch.keys() + (branch.keys() == 1 ? " key" : " keys");
    }

    static Document document(Content.Branch branch) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("name", new Document.Text(branch.name()));
        fields.put("keys", new Document.Whole(branch.keys()));
        if (!branch.children().isEmpty()) {
            fields.put(
                    "children",
                    new Document.Sequence(
                            branch.children().stream().map(Trees::document).toList()));
        }
        return new Document.Mapping(fields);
    }
}
