package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Truth;
import io.etcdmedic.document.Document.Whole;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One object that is shown, when, and how widely. What is absent reads as Go's zero value.
public record Subject(Document document, Instant now, boolean wide) {
    static final String NONE = "<none>";
    static final String UNSET = "<unset>";
    static final String UNKNOWN = "<unknown>";

    /// One row: texts, numbers and booleans, in the order of the headings; null for an empty cell.
    static List<Document> row(@Nullable Object... cells) {
        List<Document> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(
                    switch (cell) {
                        case null -> Nil.NULL;
                        case Document document -> document;
                        case Number number -> new Whole(number.longValue());
                        case Boolean truth -> Truth.of(truth);
                        default -> new Text(cell.toString());
                    });
        }
        return row;
    }

    public String name() {
        return text("metadata", "name");
    }

    public String namespace() {
        return text("metadata", "namespace");
    }

    /// The time since the object was made.
    String age() {
        return since("metadata", "creationTimestamp");
    }

    String text(String... path) {
        return document.text(path).orElse("");
    }

    String text(Optional<String> text, String absent) {
        return text.filter(t -> !t.isEmpty()).orElse(absent);
    }

    long number(String... path) {
        return document.whole(path).orElse(0);
    }

    boolean truth(String... path) {
        return document.truth(path).orElse(false);
    }

    boolean has(String... path) {
        return document.at(path).filter(d -> !(d instanceof Nil)).isPresent();
    }

    List<Document> list(String... path) {
        return document.list(path);
    }

    /// A number or a text, as int-or-string and quantities are; empty when absent.
    Optional<String> scalar(String... path) {
        return document.at(path).flatMap(Subject::scalar);
    }

    static Optional<String> scalar(Document value) {
        return switch (value) {
            case Text text -> Optional.of(text.text());
            case Whole whole -> Optional.of(Long.toString(whole.number()));
            case Document.Decimal decimal -> Optional.of(decimal.lexeme());
            case Truth truth -> Optional.of(Boolean.toString(truth.value()));
            case Nil _, Document.Mapping _, Document.Sequence _, Document.Redacted _ -> Optional.empty();
        };
    }

    boolean isDeleted() {
        return has("metadata", "deletionTimestamp");
    }

    public Map<String, String> texts(String... path) {
        Map<String, String> texts = new TreeMap<>();
        document.mapping(path).forEach((name, value) -> scalar(value).ifPresent(text -> texts.put(name, text)));
        return texts;
    }

    /// `a=b,c=d`, sorted; `<none>` without any.
    String labels(String... path) {
        String labels = texts(path).entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","));
        return labels.isEmpty() ? NONE : labels;
    }

    /// The time since the one at `path`.
    String since(String... path) {
        return since(document, path);
    }

    String since(Document within, String... path) {
        Optional<String> text = within.text(path);
        if (text.isEmpty()) {
            return UNKNOWN;
        }
        return time(text.get()).map(this::since).orElse("<invalid>");
    }

    String since(Instant time) {
        return HumanDuration.of(Duration.between(time, now));
    }

    static Optional<Instant> time(String rfc3339) {
        try {
            return Optional.of(java.time.OffsetDateTime.parse(rfc3339).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// The condition of that type.
    Optional<Document> condition(String type) {
        return list("status", "conditions").stream()
                .filter(c -> c.text("type").orElse("").equals(type))
                .findFirst();
    }

    boolean conditionIsTrue(String type) {
        return condition(type)
                .flatMap(c -> c.text("status"))
                .filter("True"::equals)
                .isPresent();
    }

    /// The names, or images, of the containers of the pod template at `spec`.
    String containers(String field, String... spec) {
        List<String> path = new ArrayList<>(List.of(spec));
        path.add("containers");
        return list(path.toArray(String[]::new)).stream()
                .map(c -> c.text(field).orElse(""))
                .collect(Collectors.joining(","));
    }
}
