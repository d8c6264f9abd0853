package io.etcdmedic.command.change;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.KeyCell;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.Words;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.ClusterChange;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.Inverse;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.Step;
import io.etcdmedic.repair.plan.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A plan and what became of it, for people and as data.
public final class PlanView {
    private static final List<Column> STEPS =
            List.of(Column.of("STEP", "step"), Column.of("THROUGH", "through"), Column.of("WHAT", "what"));

    private static final List<Column> KEYS =
            List.of(Column.key("KEY", "key"), Column.of("NOW", "now"), Column.of("THEN", "then"));

    private PlanView() {}

    /// The plan before it is confirmed.
    public static Report shown(Plan plan) {
        return Report.of(new Content.Parts(parts(plan, "will")));
    }

    /// Nothing was even planned.
    public static Report unchanged() {
        return Report.of(
                new Content.Parts(List.of(new Content.Part("", "outcome", new Content.Prose("Nothing to do.\n")))));
    }

    public static Report nothingToDo(Plan plan) {
        List<Content.Part> parts = new ArrayList<>();
        lines(parts, "What was found", "found", plan.notes());
        lines(parts, "What remains for you", "thenDo", plan.thenDo());
        lines(parts, "Beware", "warnings", plan.warnings());
        parts.add(new Content.Part("", "outcome", new Content.Prose("Nothing to do.\n")));
        return Report.of(new Content.Parts(parts));
    }

    public static Report rehearsed(Plan plan, Outcome outcome, List<String> said) {
        List<Content.Part> parts = parts(plan, "would");
        lines(parts, "What the dry run did", "run", said);
        parts.add(new Content.Part("", "outcome", new Content.Prose(sentence(outcome) + "\n")));
        return Report.of(new Content.Parts(parts)).exit(outcome.result().exitCode());
    }

    /// @param verb "will" or "would"
    private static List<Content.Part> parts(Plan plan, String verb) {
        List<Content.Part> parts = new ArrayList<>();
        lines(parts, "What was found", "found", plan.notes());
        parts.add(new Content.Part("What " + verb + " be done", "steps", steps(plan)));
        List<List<Document>> keys = keys(plan);
        if (!keys.isEmpty()) {
            parts.add(new Content.Part("Keys in etcd", "keys", new Content.Table(KEYS, keys)));
        }
        lines(parts, "What " + verb + " be verified", "verify", waits(plan));
        lines(parts, "What " + verb + " remain for you", "thenDo", plan.thenDo());
        lines(parts, "What an undo would bring back", "undo", plan.undo().bringsBack());
        lines(parts, "What cannot be taken back", "final", impossible(plan));
        lines(parts, "Beware", "warnings", plan.warnings());
        return parts;
    }

    private static List<List<Document>> keys(Plan plan) {
        List<List<Document>> rows = new ArrayList<>();
        for (Step step : plan.steps()) {
            if (step instanceof KeyChange change) {
                for (KeyChange.Edit edit : change.edits()) {
                    rows.add(
                            List.of(KeyCell.of(edit.key()), new Text(Words.of(edit.expect())), new Text(effect(edit))));
                }
            }
        }
        return rows;
    }

    private static String effect(KeyChange.Edit edit) {
        return switch (edit.effect()) {
            case KeyChange.Effect.Delete _ -> "deleted";
            case KeyChange.Effect.Put put ->
                "put, " + put.value().length() + " bytes"
                        + (put.lease().isNone() ? "" : ", lease " + put.lease().hex());
        };
    }

    private static List<String> impossible(Plan plan) {
        return plan.steps().stream()
                .filter(step -> step.frame().inverse() instanceof Inverse.Impossible)
                .map(step -> step.frame().title() + ": "
                        + ((Inverse.Impossible) step.frame().inverse()).because())
                .toList();
    }

    private static void lines(List<Content.Part> parts, String title, String field, List<String> lines) {
        if (!lines.isEmpty()) {
            List<Content.Item> items = lines.stream()
                    .map(line -> new Content.Item(Bytes.utf8(line), new Text(line)))
                    .toList();
            parts.add(new Content.Part(title, field, new Content.Items(items, false)));
        }
    }

    private static Content.Table steps(Plan plan) {
        List<List<Document>> rows = new ArrayList<>();
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            rows.add(List.of(
                    new Whole(i + 1L),
                    new Text(through(step)),
                    new Text(step.frame().title())));
        }
        return new Content.Table(STEPS, rows);
    }

    private static String through(Step step) {
        return switch (step) {
            case KeyChange _ -> "etcd";
            case ApiChange _ -> "api";
            case HostChange _ -> "host";
            case ClusterChange _ -> "cluster";
        };
    }

    private static List<String> waits(Plan plan) {
        return Stream.concat(plan.verify().stream(), plan.settled().stream())
                .map(Wait::what)
                .toList();
    }

    private static String sentence(Outcome outcome) {
        return switch (outcome.result()) {
            case DRY_RUN -> "A dry run: every step went through, over a copy in memory. Nothing was changed.";
            case NOTHING_TO_DO -> "Nothing to do.";
            case APPLIED,
                    ALREADY_APPLIED,
                    NOT_APPLIED,
                    STALE,
                    REFUSED,
                    PARTLY,
                    NOT_VERIFIED,
                    INCOMPLETE,
                    UNSETTLED,
                    MANUAL -> "The dry run stopped: " + outcome.message() + ". Nothing was changed.";
        };
    }
}
