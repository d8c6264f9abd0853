package io.etcdmedic.document;

import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One place in which two documents differ.
///
/// @param path where; it leads there in the document that has a value
/// @param before empty when the value was added
/// @param after empty when the value was removed
public record Difference(DocumentPath path, Optional<Document> before, Optional<Document> after) {
    /// What Kubernetes' own lists are keyed by, most telling first.
    private static final List<String> KEYS =
            List.of("name", "uid", "containerPort", "port", "ip", "mountPath", "devicePath", "topologyKey", "type");

    /// The smallest differences that turn `before` into `after`, in the order of `before`.
    ///
    /// Elements of lists are matched by a field such as `name` when it is in every element and distinct, else by
    /// index.
    public static List<Difference> between(Document before, Document after) {
        List<Difference> differences = new ArrayList<>();
        compare(DocumentPath.ROOT, before, after, differences);
        return List.copyOf(differences);
    }

    private static void compare(DocumentPath path, Document before, Document after, List<Difference> into) {
        if (before.equals(after)) {
            return;
        }
        if (before instanceof Mapping left && after instanceof Mapping right) {
            Set<String> names = new LinkedHashSet<>(left.fields().keySet());
            names.addAll(right.fields().keySet());
            for (String name : names) {
                child(path.then(name), left.at(name), right.at(name), into);
            }
        } else if (before instanceof Sequence left && after instanceof Sequence right) {
            sequences(path, left, right, into);
        } else {
            into.add(new Difference(path, Optional.of(before), Optional.of(after)));
        }
    }

    private static void sequences(DocumentPath path, Sequence left, Sequence right, List<Difference> into) {
        int already = into.size();
        Optional<String> key =
                KEYS.stream().filter(k -> isKey(k, left) && isKey(k, right)).findFirst();
        Set<String> steps = new LinkedHashSet<>();
        for (Sequence sequence : List.of(left, right)) {
            for (int i = 0; i < sequence.elements().size(); i++) {
                steps.add(step(sequence, i, key));
            }
        }
        for (String step : steps) {
            child(path.then(step), left.at(step), right.at(step), into);
        }
        if (into.size() == already) {
            into.add(new Difference(path, Optional.of(left), Optional.of(right)));
        }
    }

    private static String step(Sequence sequence, int index, Optional<String> key) {
        return key.map(k -> k + "=" + sequence.elements().get(index).text(k).orElseThrow())
                .orElse(Integer.toString(index));
    }

    private static boolean isKey(String key, Sequence sequence) {
        Set<String> seen = new HashSet<>();
        return sequence.elements().stream()
                .allMatch(e -> e.text(key).map(seen::add).orElse(false));
    }

    private static void child(
            DocumentPath path, Optional<Document> before, Optional<Document> after, List<Difference> into) {
        if (before.isPresent() && after.isPresent()) {
            compare(path, before.get(), after.get(), into);
        } else if (before.isPresent() || after.isPresent()) {
            into.add(new Difference(path, before, after));
        }
    }
}
