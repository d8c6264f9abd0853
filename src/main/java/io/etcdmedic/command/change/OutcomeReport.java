package io.etcdmedic.command.change;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.Vault;
import io.etcdmedic.repair.plan.Inverse;
import io.etcdmedic.repair.plan.Plan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// What became of a plan, for people and for scripts.
public final class OutcomeReport {
    private OutcomeReport() {}

    /// @param closed whether the journal's entry is closed: then there is nothing to resume
    public static Report of(Plan plan, Outcome outcome, boolean closed, Format format) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("id", new Text(outcome.entry()));
        fields.put("title", new Text(plan.title()));
        fields.put("outcome", new Text(outcome.result().name()));
        fields.put("message", new Text(outcome.message()));
        fields.put("revision", outcome.revision() == 0 ? Document.Nil.NULL : new Whole(outcome.revision()));
        fields.put("stepsApplied", new Whole(outcome.stepsApplied()));
        fields.put("stepsSkipped", new Whole(outcome.stepsSkipped()));
        fields.put("steps", new Whole(plan.steps().size()));
        fields.put("archive", text(outcome.archive().map(Vault.Kept::file).orElse("")));
        fields.put(
                "archiveSha256",
                text(outcome.archive().map(kept -> kept.sha256().hex()).orElse("")));
        fields.put("pending", texts(outcome.pending()));
        fields.put("thenDo", texts(outcome.thenDo()));
        fields.put("next", texts(next(plan, outcome, closed)));
        return FieldsReport.of(fields, format).exit(outcome.result().exitCode());
    }

    /// The commands that come next.
    private static List<String> next(Plan plan, Outcome outcome, boolean closed) {
        String id = outcome.entry().substring(0, 8);
        List<String> undo = isFinal(plan, outcome) ? List.of() : List.of("medic undo " + id);
        return switch (outcome.result()) {
            case APPLIED -> undo;
            case INCOMPLETE, NOT_VERIFIED, PARTLY ->
                closed
                        ? undo
                        : Stream.concat(Stream.of("medic journal resume " + id), undo.stream())
                                .toList();
            case UNSETTLED -> List.of("medic journal resume " + id);
            case MANUAL -> List.of("medic journal show " + id);
            case DRY_RUN, NOTHING_TO_DO, ALREADY_APPLIED, NOT_APPLIED, STALE, REFUSED -> List.of();
        };
    }

    /// Whether a step was applied that nothing takes back: an undo would be refused.
    private static boolean isFinal(Plan plan, Outcome outcome) {
        return outcome.stepsApplied() == plan.steps().size()
                && plan.steps().stream().anyMatch(step -> step.frame().inverse() instanceof Inverse.Impossible);
    }

    private static Document text(String text) {
        return text.isEmpty() ? Document.Nil.NULL : new Text(text);
    }

    static Document texts(List<String> lines) {
        return new Document.Sequence(lines.stream().<Document>map(Text::new).toList());
    }
}
