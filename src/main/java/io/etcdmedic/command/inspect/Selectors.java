package io.etcdmedic.command.inspect;

import io.etcdmedic.document.Document;
import io.etcdmedic.resource.FieldSelector;
import io.etcdmedic.resource.LabelSelector;
import io.etcdmedic.resource.Subject;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Option;

/// kubectl's selectors: which objects are meant.
final class Selectors {
    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            description = "only objects with these labels: a=b,c!=d,'e in (f,g)',h,!i")
    private Optional<String> selector = Optional.empty();

    @Option(
            names = "--field-selector",
            paramLabel = "FIELDS",
            description = "only objects with these fields: metadata.name=web,status.phase!=Running")
    private Optional<String> fields = Optional.empty();

    /// Whether objects must be decoded to choose them.
    boolean any() {
        return selector.isPresent() || fields.isPresent();
    }

    /// Both selectors, read once.
    record Rule(Optional<LabelSelector> labels, Optional<FieldSelector> fields) {
        boolean accepts(Document object) {
            return labels.map(l -> l.matches(new Subject(object, Instant.EPOCH, false).texts("metadata", "labels")))
                            .orElse(true)
                    && fields.map(f -> f.matches(object)).orElse(true);
        }
    }

    /// @throws io.etcdmedic.failure.Failure.Usage when one cannot be understood
    Rule rule() {
        return new Rule(selector.map(LabelSelector::parse), fields.map(FieldSelector::parse));
    }
}
