package io.etcdmedic.apiserver;

import io.etcdmedic.apiserver.ApiServer.PatchType;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A patch as a kube-apiserver applies it, as far as repairs send one: RFC 7396 whole; of RFC 6902 test, add,
/// replace and remove of a field that is no element of a list.
record PlayedPatch(String doing, PatchType type, Document patch) {

    /// @throws Failure.Stale when a test of the patch fails
    Document of(Document object) {
        return switch (type) {
            case FINALIZE -> patch;
            case MERGE, STRATEGIC -> merged(object, patch);
            case JSON -> {
                Document result = object;
                for (Document operation : patch.list()) {
                    result = operated(result, operation);
                }
                yield result;
            }
        };
    }

    private static Document merged(Document now, Document change) {
        if (!(change instanceof Mapping fields)) {
            return change;
        }
        Mapping result = now instanceof Mapping mapping ? mapping : Mapping.EMPTY;
        for (Map.Entry<String, Document> field : fields.fields().entrySet()) {
            DocumentPath path = DocumentPath.of(field.getKey());
            result = field.getValue() instanceof Nil
                    ? result.without(path)
                    : result.with(path, merged(result.at(path).orElse(Nil.NULL), field.getValue()));
        }
        return result;
    }

    private Document operated(Document object, Document operation) {
        String pointer = operation.text("path").orElse("");
        DocumentPath path = new DocumentPath(List.copyOf(
                Arrays.asList(pointer.substring(Math.min(1, pointer.length())).split("/", -1))));
        Document value = operation.at("value").orElse(Nil.NULL);
        String kind = operation.text("op").orElse("");
        return switch (kind) {
            case "test" -> {
                Document there = object.at(path).orElse(Nil.NULL);
                if (!there.equals(value)) {
                    throw new Failure.Stale(Problem.in(doing)
                            .found(pointer + " is " + Json.compact(there))
                            .expected(Json.compact(value)));
                }
                yield object;
            }
            case "add", "replace" -> object.with(path, value);
            case "remove" -> object.without(path);
            default ->
                throw new Failure.Refused(Problem.in(doing).found("the operation " + kind + ", which is not played"));
        };
    }
}
