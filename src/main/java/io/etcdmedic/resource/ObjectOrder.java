package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import java.util.Comparator;
import java.util.Optional;

/// The order of `--sort-by`: amounts by size, texts as texts, objects without the field first.
///
/// Source: k8s.io/kubectl pkg/cmd/get/sorter.go.
public record ObjectOrder(JsonPath path) implements Comparator<Document> {
    @Override
    public int compare(Document left, Document right) {
        Optional<String> a = path.first(left).flatMap(Subject::scalar);
        Optional<String> b = path.first(right).flatMap(Subject::scalar);
        if (a.isEmpty() || b.isEmpty()) {
            return Boolean.compare(a.isPresent(), b.isPresent());
        }
        return Quantity.compare(a.get(), b.get());
    }
}
