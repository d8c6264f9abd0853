package io.etcdmedic.repair;

import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.journal.Event;
import io.etcdmedic.repair.journal.KeyState;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.journal.Record;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.ClusterChange;
import io.etcdmedic.repair.plan.Expect;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.Inverse;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.Step;
import io.etcdmedic.repair.plan.UndoTerms;
import io.etcdmedic.repair.plan.Value;
import io.etcdmedic.repair.plan.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// The plan that takes another plan's effect back, derived from what was planned, archived and journaled.
///
/// Every step compares with the state in which the first plan left the world: where it was verified, what stood
/// there then (what controllers made anew included); else what its transaction made. So it never overwrites newer
/// data. The values come back byte for byte; create revision, version and modification revision are etcd's new
/// ones.
public final class Undo {
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(5);

    private final Plan done;
    private final Progress progress;
    private final Vault vault;
    private final Binding now;
    private final boolean withoutLeases;
    private final PlanDraft draft;
    /// What each key holds before the next undoing step that touches it.
    private final Map<Key, Expect> expected = new HashMap<>();

    private final Map<Key, Check> goal = new HashMap<>();

    private Undo(Plan done, Progress progress, Vault vault, Binding now, boolean withoutLeases) {
        this.done = done;
        this.progress = progress;
        this.vault = vault;
        this.now = now;
        this.withoutLeases = withoutLeases;
        this.draft = new PlanDraft("undo", "undo " + done.title(), now);
    }

    /// @param progress what the journal says about `done`; it must be settled
    /// @param withoutLeases values that a lease held come back without it
    /// @throws Failure.Refused when a step cannot be taken back, or is unsettled
    public static PlanDraft of(Plan done, Progress progress, Vault vault, Binding now, boolean withoutLeases) {
        return new Undo(done, progress, vault, now, withoutLeases).draft();
    }

    private PlanDraft draft() {
        if (progress.unsettled().isPresent()) {
            throw refused("it is unsettled: it may or may not have been applied")
                    .hint("medic journal resume " + done.id().shortForm() + " first")
                    .failure();
        }
        if (!progress.isClosed()) {
            requireKnown();
        }
        sameCluster();
        draft.impact(done.impact()).undoing(done.id().hex());
        draft.note("takes back journal entry " + done.id().shortForm() + ": " + done.title());
        done.undo().bringsBack().forEach(what -> draft.note("brings back " + what));
        done.undo().thenDo().forEach(draft::thenDo);
        draft.undo(new UndoTerms(List.of(), done.undo().thenDo()));
        done.alsoArchive().forEach(draft::archive);
        progress.last(Event.VERIFIED)
                .ifPresent(
                        verified -> verified.states().forEach(state -> expected.put(state.key(), state.expectation())));
        for (int i = done.steps().size() - 1; i >= 0; i--) {
            if (isStored(i)) {
                int last = i;
                while (i > 0 && isStored(i - 1)) {
                    i--;
                }
                stored(i, last);
            } else if (progress.wasApplied(i)) {
                back(i, done.steps().get(i));
            }
        }
        if (!goal.isEmpty()) {
            draft.verify(Wait.until(
                    "the keys hold what they held before", new Check.All(List.copyOf(goal.values())), SEEN_WITHIN));
        }
        return draft;
    }

    /// A run that died with a request to the API on its way left nothing but the intent.
    private void requireKnown() {
        for (int i = 0; i < done.steps().size(); i++) {
            if (StepRun.wasSent(done.steps().get(i), progress.last(i))) {
                throw refused("step " + (i + 1) + " ("
                                + done.steps().get(i).frame().title()
                                + ") may or may not have been done: its run died while it was sent")
                        .hint("medic journal resume " + done.id().shortForm() + " first")
                        .failure();
            }
        }
    }

    private void sameCluster() {
        if (!done.binding().clusterId().equals(now.clusterId())) {
            throw refused("it was done to cluster " + done.binding().clusterId() + ", and this is " + now.clusterId())
                    .failure();
        }
        if (now.floor().compareTo(done.binding().floor()) < 0) {
            throw new Failure.Stale(Problem.in("undoing " + done.id().shortForm())
                    .found("etcd is at revision " + now.floor() + ", older than when it was done ("
                            + done.binding().floor() + ")")
                    .hint("the cluster was restored from an older snapshot: there is nothing to take back"));
        }
    }

    private void back(int index, Step step) {
        switch (step.frame().inverse()) {
            case Inverse.Impossible(String because) ->
                throw refused("step " + (index + 1) + " (" + step.frame().title() + ") cannot be taken back: "
                                + because)
                        .failure();
            case Inverse.Needless(String because) ->
                draft.note("not taken back by itself: " + step.frame().title() + " (" + because + ")");
            case Inverse.Stored _ -> stored(index, index);
            case Inverse.Derived _ -> derived(index, step);
        }
    }

    private boolean isStored(int index) {
        return done.steps().get(index).frame().inverse() instanceof Inverse.Stored;
    }

    /// Puts back what was stored, each object once and in the order of the plan: an owner before what belongs to
    /// it, or controllers would take that away again at once.
    private void stored(int first, int last) {
        SequencedMap<Key, Integer> newest = new LinkedHashMap<>();
        for (int i = first; i <= last; i++) {
            if (progress.wasApplied(i)) {
                if (!(done.steps().get(i) instanceof ApiChange change)) {
                    throw impossible(i, done.steps().get(i), "only an object of the API is put back as it was stored");
                }
                newest.put(change.key(), i);
            }
        }
        newest.values().forEach(i -> stored(i, (ApiChange) done.steps().get(i)));
    }

    private void stored(int index, ApiChange change) {
        KeyState was = before(change.key())
                .orElseThrow(() -> impossible(index, change, "the archive does not say what it was"));
        Check held = was.state()
                .<Check>map(state -> new Check.Holds(change.key(), state.value()))
                .orElseGet(() -> new Check.Absent(change.key()));
        goal.put(change.key(), held);
        Expect now = expected.getOrDefault(change.key(), left(index, change));
        boolean nothing = now instanceof Expect.Absent && was.state().isEmpty();
        if (!nothing) {
            Frame frame = Frame.of(
                    "put " + change.frame().object() + " back as it was stored",
                    change.frame().object());
            draft.step(KeyChange.of(frame, new KeyChange.Edit(change.key(), now, effect(was))));
        }
    }

    /// What stood there before the plan began. A step whose values were read only then was archived once more,
    /// without this.
    private Optional<KeyState> before(Key key) {
        return progress.records().stream()
                .filter(record -> record.event() == Event.ARCHIVED)
                .flatMap(record -> record.states().stream())
                .filter(state -> state.key().equals(key))
                .findFirst();
    }

    /// What a step that was not verified left: the object that it made, or nothing. Where it deleted, the object
    /// may be there still (a finalizer holds it), or somebody has made it anew.
    private Expect left(int index, ApiChange change) {
        List<Check> fits = new ArrayList<>();
        progress.last(index, Event.SETTLED)
                .flatMap(record -> record.fact("uid"))
                .filter(uid -> !uid.isEmpty())
                .ifPresent(uid -> fits.add(new Check.Field(change.key(), "/metadata/uid", "\"" + uid + "\"")));
        if (change instanceof ApiChange.Delete) {
            exchange(index, change.key()).ifPresent(fits::add);
            awaited(change, change.key()).ifPresent(fits::add);
            return gone(change.key(), fits);
        }
        return fits.isEmpty() ? new Expect.Absent() : new Expect.Meeting(fits.getFirst());
    }

    /// Nothing, or what fits one of `others`.
    private static Expect gone(Key key, List<Check> others) {
        if (others.isEmpty()) {
            return new Expect.Absent();
        }
        List<Check> fits = new ArrayList<>(List.of(new Check.Absent(key)));
        fits.addAll(others);
        return new Expect.Meeting(new Check.Any(fits));
    }

    /// What the next step would have made of the object that this one deleted: who else makes it makes it like
    /// that.
    private Optional<Check> exchange(int index, Key key) {
        return index + 1 < done.steps().size()
                        && done.steps().get(index + 1) instanceof ApiChange.Create create
                        && create.key().equals(key)
                ? Optional.of(create.acceptExisting())
                : Optional.empty();
    }

    /// What a step that deleted `key` waited for somebody to make anew.
    private static Optional<Check> awaited(Step step, Key key) {
        return step.frame().waits().map(Wait::until).filter(until -> wantsPresent(until, key));
    }

    private static boolean wantsPresent(Check check, Key key) {
        return check.equals(new Check.Present(key))
                || check instanceof Check.All all && all.checks().stream().anyMatch(one -> wantsPresent(one, key));
    }

    private void derived(int index, Step step) {
        Frame frame =
                Frame.of("take back: " + step.frame().title(), step.frame().object());
        switch (step) {
            case KeyChange change -> keys(index, change, frame);
            case ApiChange.Create create -> created(index, create, frame);
            case ApiChange.Delete delete -> deleted(index, delete, frame);
            case ApiChange.Patch patch -> patched(index, patch, frame);
            case HostChange.Access access ->
                draft.step(new HostChange.Access(frame, access.path(), access.wanted(), access.seen()));
            case HostChange.Content content -> content(content, frame);
            case HostChange.Command command -> command(index, command, frame);
            case ClusterChange _ -> throw impossible(index, step, "a change of the cluster has no way back");
        }
    }

    private void keys(int index, KeyChange change, Frame frame) {
        List<KeyState> before =
                progress.last(index, Event.INTENT).map(Record::states).orElse(List.of());
        long applied = progress.last(index, Event.SETTLED).map(Record::revision).orElse(0L);
        List<KeyChange.Edit> edits = new ArrayList<>();
        for (int i = 0; i < change.edits().size(); i++) {
            KeyChange.Edit edit = change.edits().get(i);
            if (comesBackAsStored(index, edit.key())) {
                continue;
            }
            KeyState was = before.get(i);
            Expect now = expected.getOrDefault(edit.key(), left(change, edit, was, applied));
            boolean nothing = now instanceof Expect.Absent && was.state().isEmpty();
            if (!nothing) {
                edits.add(new KeyChange.Edit(edit.key(), now, effect(was)));
            }
            Check held = was.state()
                    .<Check>map(state -> new Check.Holds(edit.key(), state.value()))
                    .orElseGet(() -> new Check.Absent(edit.key()));
            expected.put(edit.key(), was.state().isEmpty() ? new Expect.Absent() : new Expect.Meeting(held));
            goal.put(edit.key(), held);
        }
        if (!edits.isEmpty()) {
            draft.step(new KeyChange(frame, edits));
        }
    }

    /// Whether an earlier step's object is put back at `key`: what was left of it in between (an object that is
    /// being deleted, say) is none that anybody wants, and a controller would take it away at once.
    private boolean comesBackAsStored(int index, Key key) {
        return IntStream.range(0, index)
                .anyMatch(i -> isStored(i)
                        && progress.wasApplied(i)
                        && done.steps().get(i) instanceof ApiChange earlier
                        && earlier.key().equals(key));
    }

    /// What the transaction at revision `applied` made of the key.
    private static Expect left(KeyChange change, KeyChange.Edit edit, KeyState was, long applied) {
        return switch (edit.effect()) {
            case KeyChange.Effect.Delete _ ->
                gone(edit.key(), awaited(change, edit.key()).stream().toList());
            case KeyChange.Effect.Put put ->
                new Expect.Exactly(
                        was.state().map(Expect.Exactly::createRevision).orElse(Revision.of(applied)),
                        Revision.of(applied),
                        was.state().map(Expect.Exactly::version).orElse(0L) + 1,
                        put.lease(),
                        put.value().sha256(),
                        put.value().length());
        };
    }

    private KeyChange.Effect effect(KeyState was) {
        if (was.state().isEmpty()) {
            return new KeyChange.Effect.Delete();
        }
        LeaseId lease = was.state().get().lease();
        if (!lease.isNone()) {
            draft.warn(was.key().display() + " was held by lease " + lease.hex()
                    + (withoutLeases
                            ? ": it comes back without one and stays for ever"
                            : ": if the lease is gone, the step fails and nothing is written (--without-lease"
                                    + " brings it back for ever)"));
        }
        Value value = draft.value(archived(was.key(), was.state().get().value()));
        return new KeyChange.Effect.Put(value, withoutLeases ? LeaseId.NONE : lease);
    }

    private Bytes archived(Key key, Sha256 value) {
        for (Record record : progress.records()) {
            if (record.event() == Event.ARCHIVED) {
                Optional<Bytes> bytes = vault.value(StepRun.kept(record), key, value);
                if (bytes.isPresent()) {
                    return bytes.get();
                }
            }
        }
        throw refused("no archive holds the value that " + key.display() + " had")
                .failure();
    }

    private void created(int index, ApiChange.Create create, Frame frame) {
        boolean wasThere =
                before(create.key()).filter(was -> was.state().isPresent()).isPresent();
        String uid = progress.last(index, Event.SETTLED)
                .flatMap(record -> record.fact("uid"))
                .orElse("");
        if (wasThere || uid.isEmpty()) {
            draft.note("left alone: " + create.name() + ", which was there before");
            return;
        }
        draft.step(new ApiChange.Delete(
                frame,
                create.name(),
                create.key(),
                Optional.of(new ApiServer.Same(uid, Optional.empty())),
                Optional.of(create.body()).map(this::carried)));
    }

    private void deleted(int index, ApiChange.Delete delete, Frame frame) {
        Value body = delete.body().orElseThrow(() -> impossible(index, delete, "its object was not kept"));
        Document stripped = Json.read(done.bytes(body))
                .without(DocumentPath.of("metadata", "uid"))
                .without(DocumentPath.of("metadata", "resourceVersion"));
        draft.step(new ApiChange.Create(
                frame, delete.name(), delete.key(), draft.value(Json.compactBytes(stripped)), new Check.Never()));
    }

    private void patched(int index, ApiChange.Patch patch, Frame frame) {
        Value back = patch.back().orElseThrow(() -> impossible(index, patch, "its patch has no inverse"));
        Optional<String> version = expected.get(patch.key()) instanceof Expect.Exactly exactly
                ? Optional.of(exactly.modRevision().toString())
                : Optional.empty();
        draft.step(new ApiChange.Patch(
                frame,
                patch.name(),
                patch.key(),
                new ApiServer.Same(patch.same().uid(), version),
                patch.type(),
                carried(back),
                Optional.of(carried(patch.patch()))));
    }

    private void content(HostChange.Content content, Frame frame) {
        Optional<Value> before = content.seen().map(seen -> draft.value(archivedFile(content.path(), seen)));
        draft.step(new HostChange.Content(
                frame, content.path(), content.value().map(Value::sha256), before, content.ownership()));
    }

    private Bytes archivedFile(String path, Sha256 content) {
        return progress.records().stream()
                .filter(record -> record.event() == Event.ARCHIVED)
                .flatMap(record -> vault.file(StepRun.kept(record), path).stream())
                .filter(bytes -> Sha256.of(bytes).equals(content))
                .findFirst()
                .orElseThrow(
                        () -> refused("no archive holds what " + path + " was").failure());
    }

    private void command(int index, HostChange.Command command, Frame frame) {
        if (command.back().isEmpty()) {
            throw impossible(index, command, "no command takes it back");
        }
        draft.step(new HostChange.Command(frame, command.back(), new Check.Never(), command.argv()));
    }

    private Value carried(Value value) {
        return draft.value(done.bytes(value));
    }

    private Failure impossible(int index, Step step, String because) {
        return refused("step " + (index + 1) + " (" + step.frame().title() + ") cannot be taken back: " + because)
                .failure();
    }

    private Trouble refused(String found) {
        return new Trouble(Problem.in("undoing " + done.id().shortForm()).found(found));
    }

    private record Trouble(Problem problem) {
        Trouble hint(String text) {
            return new Trouble(problem.hint(text));
        }

        Failure failure() {
            return new Failure.Refused(problem);
        }
    }
}
