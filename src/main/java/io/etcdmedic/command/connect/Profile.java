package io.etcdmedic.command.connect;

import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// A connection under a name: the options that it stands for.
///
/// @param options an option without its dashes, and its value; `read-only` has none
/// @param clusterId the cluster that answered first; empty until then
public record Profile(String name, SequencedMap<String, String> options, String clusterId) {
    public static final String READ_ONLY = "read-only";
    private static final String CLUSTER_ID = "clusterId";
    private static final String ENDPOINTS = "endpoints";

    /// What a profile may hold: a field of the file, and the option that it is.
    private static final SequencedMap<String, String> FIELDS = fields();

    public Profile {
        options = new LinkedHashMap<>(options);
    }

    private static SequencedMap<String, String> fields() {
        SequencedMap<String, String> fields = new LinkedHashMap<>();
        for (String field : List.of(
                ENDPOINTS,
                "cacert",
                "cert",
                "key",
                "keyPassphraseFile",
                "serverName",
                "user",
                "passwordFile",
                "dialTimeout",
                "commandTimeout",
                "etcdPrefix",
                "encryptionConfig",
                "kubeconfig",
                "context",
                "readOnly")) {
            fields.put(field, field.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT));
        }
        return fields;
    }

    /// @throws Failure.Usage when a field is unknown or has another shape
    static Profile read(String name, Document document) {
        if (!(document instanceof Document.Mapping mapping)) {
            throw wrong(name, "it is no mapping", "endpoints: […], cacert: …");
        }
        SequencedMap<String, String> options = new LinkedHashMap<>();
        String clusterId = "";
        for (Map.Entry<String, Document> field : mapping.fields().entrySet()) {
            String value = value(name, field.getKey(), field.getValue());
            if (field.getKey().equals(CLUSTER_ID)) {
                clusterId = value;
            } else if (!FIELDS.containsKey(field.getKey())) {
                throw wrong(name, "the field '" + field.getKey() + "'", String.join(", ", FIELDS.keySet()));
            } else if (!field.getKey().equals("readOnly")) {
                options.put(FIELDS.getOrDefault(field.getKey(), ""), value);
            } else if (value.equals("true")) {
                options.put(READ_ONLY, "");
            } else if (!value.equals("false")) {
                throw wrong(name, "readOnly is '" + value + "'", "true or false");
            }
        }
        return new Profile(name, options, clusterId);
    }

    private static String value(String name, String field, Document document) {
        return switch (document) {
            case Document.Text text -> text.text();
            case Document.Whole whole -> Long.toString(whole.number());
            case Document.Truth truth -> Boolean.toString(truth.value());
            case Document.Sequence list ->
                list.elements().stream().map(e -> value(name, field, e)).collect(Collectors.joining(","));
            case Document.Mapping _, Document.Nil _, Document.Decimal _, Document.Redacted _ ->
                throw wrong(name, "a value of '" + field + "' that is no text", "a text, a list of texts, or true");
        };
    }

    private static Failure.Usage wrong(String name, String found, String expected) {
        return new Failure.Usage(
                Problem.in("reading the profile " + name).found(found).expected(expected));
    }

    /// The options as they would be typed.
    public List<String> words() {
        List<String> words = new ArrayList<>();
        options.forEach((option, value) -> words.add(value.isEmpty() ? "--" + option : "--" + option + "=" + value));
        return words;
    }

    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    public Document document() {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        FIELDS.forEach((field, option) -> option(option).ifPresent(value -> fields.put(field, document(field, value))));
        if (!clusterId.isEmpty()) {
            fields.put(CLUSTER_ID, new Document.Text(clusterId));
        }
        return new Document.Mapping(fields);
    }

    private static Document document(String field, String value) {
        return switch (field) {
            case "readOnly" -> Document.Truth.TRUE;
            case ENDPOINTS ->
                new Document.Sequence(java.util.Arrays.stream(value.split(","))
                        .map(e -> (Document) new Document.Text(e))
                        .toList());
            default -> new Document.Text(value);
        };
    }

    Profile pinned(String cluster) {
        return new Profile(name, options, cluster);
    }
}
