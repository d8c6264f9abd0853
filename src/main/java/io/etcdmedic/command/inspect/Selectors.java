package io.etcdmedic.command.inspect;

import io.etcdmedic.command.LabelOption;
import io.etcdmedic.document.Document;
import io.etcdmedic.resource.FieldSelector;
import io.etcdmedic.resource.LabelSelector;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// kubectl's selectors: which objects are meant.
final class Selectors {
    @Mixin
    private LabelOption labels = new LabelOption();

    @Option(
            names = "--field-selector",
            paramLabel = "FIELDS",
            description = "only objects with these fields: metadata.name=web,status.phase!=Running")
    private Optional<String> fields = Optional.empty();

    /// Whether objects must be decoded to choose them.
    boolean any() {
        return labels.isGiven() || fields.isPresent();
    }

    /// Both selectors, read once.
    record Rule(Optional<LabelSelector> labels, Optional<FieldSelector> fields) {
        boolean accepts(Document object) {
            return labels.map(l -> l.matches(object)).orElse(true)
                    && fields.map(f -> f.matches(object)).orElse(true);
        }
    }

    /// @throws io.etcdmedic.failure.Failure.Usage when one cannot be understood
    Rule rule() {
        return new Rule(labels.selector(), fields.map(FieldSelector::parse));
    }
}
