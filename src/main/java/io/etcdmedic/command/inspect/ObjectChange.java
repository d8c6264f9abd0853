package io.etcdmedic.command.inspect;

import io.etcdmedic.document.Difference;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What changed within one object from one stored value to another.
///
/// @param differences the smallest ones, without `metadata.managedFields`, which only repeat them
/// @param trouble why one of the values cannot be decoded; empty when both can
record ObjectChange(List<Difference> differences, Optional<String> trouble) {
    private static final DocumentPath MANAGED_FIELDS = DocumentPath.of("metadata", "managedFields");

    /// Fields that say when something was done, not until when it is good.
    private static final Set<String> TIMES = Set.of(
            "time",
            "creationTimestamp",
            "renewTime",
            "acquireTime",
            "lastTimestamp",
            "eventTime",
            "lastTransitionTime",
            "lastUpdateTime",
            "lastProbeTime",
            "lastHeartbeatTime");

    /// Stored values as documents that may be shown.
    @FunctionalInterface
    interface Reader {
        /// @throws Failure.Corrupt or [Failure.Locked]
        Document read(Entry entry);
    }

    static ObjectChange between(Optional<Entry> before, Optional<Entry> after, Reader reader) {
        try {
            Optional<Document> left = before.map(reader::read);
            Optional<Document> right = after.map(reader::read);
            List<Difference> differences = left.isPresent() && right.isPresent()
                    ? Difference.between(left.get(), right.get())
                    : List.of(new Difference(DocumentPath.ROOT, left, right));
            return new ObjectChange(differences, Optional.empty());
        } catch (Failure.Corrupt | Failure.Locked unreadable) {
            return new ObjectChange(List.of(), Optional.of(unreadable.problem().found()));
        }
    }

    List<Difference> shown() {
        return differences.stream()
                .filter(d -> !d.path().startsWith(MANAGED_FIELDS))
                .toList();
    }

    /// The newest time that the change itself brought, as RFC 3339; that is as near as stored objects tell when.
    Optional<String> when() {
        return differences.stream()
                .flatMap(d -> d.after().stream().flatMap(value -> times(lastStep(d.path()), value).stream()))
                .max(Comparator.naturalOrder());
    }

    private static String lastStep(DocumentPath path) {
        return path.steps().isEmpty() ? "" : path.steps().getLast();
    }

    private static List<String> times(String name, Document value) {
        List<String> times = new ArrayList<>();
        switch (value) {
            case Document.Mapping mapping ->
                mapping.fields().forEach((field, child) -> times.addAll(times(field, child)));
            case Document.Sequence sequence -> sequence.elements().forEach(child -> times.addAll(times(name, child)));
            case Document.Text text -> {
                if (TIMES.contains(name) && text.text().matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z")) {
                    times.add(text.text());
                }
            }
            case Document.Whole _, Document.Decimal _, Document.Truth _, Document.Nil _, Document.Redacted _ -> {}
        }
        return times;
    }

    /// The paths that differ on one line, at most `most` of them.
    String summary(int most) {
        if (trouble.isPresent()) {
            return "not decodable: " + trouble.get();
        }
        List<String> paths = shown().stream()
                .filter(d -> !d.path().steps().isEmpty())
                .map(d -> d.path().toString())
                .toList();
        if (paths.isEmpty()) {
            return shown().isEmpty() && !differences.isEmpty() ? MANAGED_FIELDS.toString() : "";
        }
        String first = String.join(", ", paths.subList(0, Math.min(most, paths.size())));
        return paths.size() > most ? first + " and " + (paths.size() - most) + " more" : first;
    }

    /// One line each for what was and what is: `- path: value`, `+ path: value`.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        trouble.ifPresent(why -> lines.add("the bytes differ; not decodable: " + why));
        for (Difference difference : shown()) {
            if (difference.path().steps().isEmpty()) {
                continue; // the whole object came or went, which its heading says
            }
            difference.before().ifPresent(value -> lines.add("- " + difference.path() + ": " + Json.compact(value)));
            difference.after().ifPresent(value -> lines.add("+ " + difference.path() + ": " + Json.compact(value)));
        }
        return lines;
    }

    /// As data: `[{"path", "before", "after"}]`, absent where there was, or is, nothing.
    Document document() {
        return new Document.Sequence(
                shown().stream().map(ObjectChange::document).toList());
    }

    private static Document document(Difference difference) {
        LinkedHashMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("path", Shown.text(difference.path().toString()));
        difference.before().ifPresent(value -> fields.put("before", value));
        difference.after().ifPresent(value -> fields.put("after", value));
        return new Document.Mapping(fields);
    }
}
