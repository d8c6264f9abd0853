package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import java.util.Comparator;
import java.util.Optional;

/// The order of `--sort-by`: objects without the field, then amounts by size, then texts.
///
/// Source: k8s.io/kubectl pkg/cmd/get/sorter.go, which compares an amount with a text as texts; that is no order.
public record ObjectOrder(JsonPath path) implements Comparator<Document> {
    private static final Comparator<Rank> RANKS =
            Comparator.comparingInt(Rank::group).thenComparing(Rank::amount).thenComparing(Rank::text);

    private record Rank(int group, Quantity amount, String text) {}

    @Override
    public int compare(Document left, Document right) {
        return RANKS.compare(rank(left), rank(right));
    }

    private Rank rank(Document object) {
        Quantity none = new Quantity(java.math.BigDecimal.ZERO);
        Optional<String> text = path.first(object).flatMap(Subject::scalar);
        if (text.isEmpty()) {
            return new Rank(0, none, "");
        }
        return Quantity.parse(text.get())
                .map(amount -> new Rank(1, amount, ""))
                .orElseGet(() -> new Rank(2, none, text.get()));
    }
}
