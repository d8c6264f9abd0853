package io.etcdmedic.codec;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.RedactionMark;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;

/// Refuses to encode a document in which a value is not shown.
final class Markers {
    private Markers() {}

    /// @throws Failure.Refused with the path of the first one
    static void requireNone(Document document) {
        RedactionMark.firstIn(document).ifPresent(path -> {
            throw new Failure.Refused(Problem.in("encoding")
                    .found("a value that was not shown" + (path.steps().isEmpty() ? "" : ", at " + path))
                    .expected("the value itself")
                    .hint("--show-secrets reads the object with its values"));
        });
    }
}
