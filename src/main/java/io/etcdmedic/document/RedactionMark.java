package io.etcdmedic.document;

import io.etcdmedic.bytes.Bytes;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds what stands in a document where a value is not shown, also when it came back as text. Such a
/// document is never stored.
public final class RedactionMark {
    /// What [Document.Redacted] prints.
    private static final Pattern MARK = Pattern.compile("<[0-9]+ bytes, sha256:[0-9a-f]{8}>");

    private RedactionMark() {}

    /// Whether bytes hold one, whatever they are.
    public static boolean isIn(Bytes bytes) {
        return MARK.matcher(bytes.toUtf8()).find();
    }

    /// Where the first one is.
    public static Optional<DocumentPath> firstIn(Document document) {
        return firstIn(document, DocumentPath.ROOT);
    }

    private static Optional<DocumentPath> firstIn(Document document, DocumentPath at) {
        return switch (document) {
            case Document.Redacted _ -> Optional.of(at);
            case Document.Text text -> MARK.matcher(text.text()).find() ? Optional.of(at) : Optional.empty();
            case Document.Mapping mapping -> firstIn(mapping, at);
            case Document.Sequence sequence -> firstIn(sequence, at);
            case Document.Whole _, Document.Decimal _, Document.Truth _, Document.Nil _ -> Optional.empty();
        };
    }

    private static Optional<DocumentPath> firstIn(Document.Mapping mapping, DocumentPath at) {
        for (Map.Entry<String, Document> field : mapping.fields().entrySet()) {
            Optional<DocumentPath> found = firstIn(field.getValue(), at.then(field.getKey()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<DocumentPath> firstIn(Document.Sequence sequence, DocumentPath at) {
        for (int i = 0; i < sequence.elements().size(); i++) {
            Optional<DocumentPath> found = firstIn(sequence.elements().get(i), at.then(Integer.toString(i)));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
