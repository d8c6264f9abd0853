package io.etcdmedic.installation;

import io.etcdmedic.bytes.Rows;
import io.etcdmedic.document.Document;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A field of a component's configuration file, and the flag that means the same.
///
/// @param path `authentication.x509.clientCAFile`
record ConfigField(Component component, String path, String flag) {
    private static final List<ConfigField> ALL = read();

    static List<ConfigField> of(Component component) {
        return ALL.stream().filter(field -> field.component == component).toList();
    }

    private static List<ConfigField> read() {
        return Rows.of(ConfigField.class, "config-fields.tsv").stream()
                .map(row -> new ConfigField(Component.ofProgram(row[0]).orElseThrow(), row[1], row[2]))
                .toList();
    }

    /// The value as the flag would have it; empty when the field is not there, or has the value that stands for
    /// none.
    Optional<String> in(Document config) {
        return config.at(path.split("\\.", -1)).map(this::flagValue).filter(text -> !text.isEmpty());
    }

    private String flagValue(Document value) {
        return switch (value) {
            case Document.Sequence list ->
                list.elements().stream().map(ConfigField::element).collect(Collectors.joining(","));
            case Document.Mapping map ->
                map.fields().entrySet().stream().map(this::pair).collect(Collectors.joining(","));
            case Document.Text text -> text.text().equals("0s") ? "" : text.text();
            case Document.Whole _, Document.Decimal _, Document.Truth _, Document.Nil _, Document.Redacted _ ->
                scalar(value);
        };
    }

    /// Of thresholds `memory.available<100Mi`, of everything else `cpu=500m`.
    private String pair(Map.Entry<String, Document> entry) {
        boolean threshold = flag.equals("eviction-hard") || flag.equals("eviction-soft");
        return entry.getKey() + (threshold ? "<" : "=") + scalar(entry.getValue());
    }

    /// Of a list: a text, or a taint.
    private static String element(Document element) {
        return element.text("key")
                .map(key -> key + "=" + element.text("value").orElse("") + ":"
                        + element.text("effect").orElse(""))
                .orElseGet(() -> scalar(element));
    }

    static String scalar(Document value) {
        return switch (value) {
            case Document.Text text -> text.text();
            case Document.Whole whole -> Long.toString(whole.number());
            case Document.Decimal decimal -> decimal.lexeme();
            case Document.Truth truth -> Boolean.toString(truth.value());
            case Document.Sequence _, Document.Mapping _, Document.Nil _, Document.Redacted _ -> "";
        };
    }
}
