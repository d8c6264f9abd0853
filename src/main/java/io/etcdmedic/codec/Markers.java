package io.etcdmedic.codec;

import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.Optional;
import java.util.regex.Pattern;

/// What stands in a document where a value is not shown. Such a document is never stored.
final class Markers {
    private static final Pattern MARK = Pattern.compile("<[0-9]+ bytes, sha256:[0-9a-f]{8}>");

    private Markers() {}

    /// @throws Failure.Refused with the path of the first one
    static void requireNone(Document document) {
        first(document, "").ifPresent(path -> {
            throw new Failure.Refused(Problem.in("encoding")
                    .found("a value that was not shown" + (path.isEmpty() ? "" : ", at " + path))
                    .expected("the value itself")
                    .hint("--show-secrets reads the object with its values"));
        });
    }

    private static Optional<String> first(Document document, String path) {
        return switch (document) {
            case Document.Redacted _ -> Optional.of(path);
            case Document.Text text -> MARK.matcher(text.text()).find() ? Optional.of(path) : Optional.empty();
            case Document.Mapping mapping ->
                mapping.fields().entrySet().stream()
                        .flatMap(e ->
                                first(e.getValue(), path.isEmpty() ? e.getKey() : path + "." + e.getKey()).stream())
                        .findFirst();
            case Document.Sequence sequence ->
                sequence.elements().stream()
                        .flatMap(e -> first(e, path).stream())
                        .findFirst();
            case Document.Whole _, Document.Decimal _, Document.Truth _, Document.Nil _ -> Optional.empty();
        };
    }
}
