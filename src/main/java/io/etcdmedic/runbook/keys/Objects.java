package io.etcdmedic.runbook.keys;

import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.kubernetes.ObjectName;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.runbook.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What keys are called as objects, and what their values say.
record Objects(RegistryKeys registry, Decoder decoder) {
    /// `pods shop/web`, or the key where it names no object.
    String name(Key key) {
        return registry.parse(key.bytes()).map(ObjectName::toString).orElseGet(key::display);
    }

    /// Empty when the value cannot be decoded.
    Optional<Document> document(Entry entry) {
        try {
            return Optional.of(decoder.decode(entry));
        } catch (Failure unreadable) {
            return Optional.empty();
        }
    }

    /// "12 × pods in shop", a line for each kind and namespace.
    List<String> counts(List<Key> keys) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Key key : keys) {
            String group = registry.parse(key.bytes())
                    .map(object -> object.resource().qualified()
                            + (object.namespace().isEmpty() ? "" : " in " + object.namespace()))
                    .orElse("keys that name no object of the API");
            counts.merge(group, 1, Integer::sum);
        }
        List<String> lines = new ArrayList<>();
        counts.forEach((group, count) -> lines.add(count + " × " + group));
        return lines;
    }
}
