package io.etcdmedic.runbook;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.UndoTerms;
import io.etcdmedic.repair.plan.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Takes back the deletion of a PersistentVolume or claim that a finalizer still holds. The API cannot: a deletion
/// mark stays. Source: external-storage's "reset-pv", kubernetes#69697.
final class Revive implements Runbook {
    private static final Map<String, String> FOLDERS = Map.of(
            "pv", "persistentvolumes/",
            "persistentvolume", "persistentvolumes/",
            "pvc", "persistentvolumeclaims/",
            "persistentvolumeclaim", "persistentvolumeclaims/");

    @Override
    public String name() {
        return "revive";
    }

    @Override
    public String when() {
        return "a PersistentVolume or claim was deleted by accident and is Terminating, held by its finalizer:"
                + " `fix revive pv/NAME` or `fix revive pvc/NAMESPACE/NAME`";
    }

    @Override
    public Plan plan(Scene scene, Request request) {
        int slash = request.argument().indexOf('/');
        String folder = FOLDERS.get(slash < 0 ? "" : request.argument().substring(0, slash));
        if (folder == null) {
            throw new Failure.Usage(Problem.in("planning revive")
                    .found(request.argument().isEmpty() ? "no object" : request.argument())
                    .hint("medic fix revive pv/NAME, or pvc/NAMESPACE/NAME"));
        }
        String path = folder + request.argument().substring(slash + 1);
        Registry registry = scene.registry();
        Stored stored = registry.readable(path)
                .orElseThrow(() -> new Failure.Absent(Problem.in("looking for " + request.argument())
                        .found("it is gone")
                        .hint("medic undelete " + scene.prefix() + "/" + path + " brings it back from history")));
        PlanDraft draft = scene.draft(name(), request.argument());
        if (!stored.isTerminating()) {
            draft.note(request.argument() + " is not being deleted: nothing to do");
            return scene.build(draft);
        }
        warnings(stored, draft);
        Check alive = new Check.Field(stored.key(), "/metadata/deletionTimestamp", "null");
        draft.step(KeyChange.of(
                Frame.of("take the deletion mark from " + request.argument() + " in etcd", request.argument()),
                KeyChange.Edit.replace(
                        stored.entry(),
                        draft.value(scene.encoder().encode(stored.entry(), unmarked(stored.document()))))));
        draft.verify(Wait.until(request.argument() + " is not being deleted any more", alive, Duration.ofSeconds(5)));
        draft.undo(new UndoTerms(List.of("the deletion of " + request.argument()), List.of()));
        return scene.build(draft);
    }

    private static Document unmarked(Document object) {
        return object.without(DocumentPath.of("metadata", "deletionTimestamp"))
                .without(DocumentPath.of("metadata", "deletionGracePeriodSeconds"));
    }

    private static void warnings(Stored stored, PlanDraft draft) {
        draft.note("deleted at "
                + stored.document().text("metadata", "deletionTimestamp").orElse("") + ", held by "
                + String.join(", ", stored.document().texts("metadata", "finalizers")) + ", phase "
                + stored.document().text("status", "phase").orElse("unknown"));
        stored.document()
                .text("spec", "persistentVolumeReclaimPolicy")
                .filter("Delete"::equals)
                .ifPresent(_ ->
                        draft.warn("its reclaim policy is Delete: once its claim was gone, the provisioner may have"
                                + " deleted the disk already; look there before anything relies on it"));
        if (stored.document().text("status", "phase").filter("Released"::equals).isPresent()) {
            draft.warn("it is Released: its claim is gone, and it is bound to no other until spec.claimRef is cleared");
        }
    }
}
