package io.etcdmedic.resource;

import dev.cel.common.values.NullValue;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.kubernetes.ObjectName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Documents as the values that CEL computes with.
final class CelValues {
    private CelValues() {}

    static Map<String, Object> variables(Candidate candidate) {
        Entry entry = candidate.entry();
        Object object = of(candidate.object());
        Map<String, Object> variables = new HashMap<>();
        variables.put("object", object);
        variables.put(
                "metadata", candidate.object().at("metadata").map(CelValues::of).orElseGet(Map::of));
        variables.put("key", entry.key().text());
        variables.put(
                "resource", candidate.name().map(n -> n.resource().qualified()).orElse(""));
        variables.put("name", candidate.name().map(ObjectName::name).orElse(""));
        variables.put("modRevision", entry.modRevision().number());
        variables.put("createRevision", entry.createRevision().number());
        variables.put("version", entry.version());
        variables.put("size", (long) entry.value().length());
        variables.put("now", candidate.now());
        return variables;
    }

    /// A field that is null is as good as absent to Kubernetes, and so it is here.
    static Object of(Document document) {
        return switch (document) {
            case Document.Mapping mapping -> {
                Map<String, Object> map = new HashMap<>();
                mapping.fields().forEach((name, value) -> {
                    if (!(value instanceof Document.Nil)) {
                        map.put(name, of(value));
                    }
                });
                yield map;
            }
            case Document.Sequence sequence -> {
                List<Object> list = new ArrayList<>();
                sequence.elements().forEach(element -> list.add(of(element)));
                yield list;
            }
            case Document.Text text -> text.text();
            case Document.Whole whole -> whole.number();
            case Document.Decimal decimal -> Double.parseDouble(decimal.lexeme());
            case Document.Truth truth -> truth.value();
            case Document.Nil _ -> NullValue.NULL_VALUE;
            case Document.Redacted redacted -> redacted.toString();
        };
    }
}
