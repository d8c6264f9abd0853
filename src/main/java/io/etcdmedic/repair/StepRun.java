package io.etcdmedic.repair;

import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.Faults.Point;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.journal.Event;
import io.etcdmedic.repair.journal.Ledger;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.journal.Record;
import io.etcdmedic.repair.journal.Verdict;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.ClusterChange;
import io.etcdmedic.repair.plan.Expect;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.Precondition;
import io.etcdmedic.repair.plan.Step;
import io.etcdmedic.repair.plan.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The steps of one plan in their order, from wherever the journal says that they are.
final class StepRun {
    private final World world;
    private final Ledger ledger;
    private final Vault vault;
    private final Plan plan;
    private final boolean dry;
    private final KeySteps keySteps;
    private final ApiSteps apiSteps;
    private final Waiting waiting;
    private Revision floor;
    private int applied;
    private int skipped;
    /// Written down only once the second half of an exchange was sent: see [#isExchange].
    private final List<Record> held = new ArrayList<>();

    StepRun(World world, Ledger ledger, Vault vault, Plan plan, boolean dry) {
        this.world = world;
        this.ledger = ledger;
        this.vault = vault;
        this.plan = plan;
        this.dry = dry;
        this.keySteps = new KeySteps(world, ledger);
        this.apiSteps = new ApiSteps(world);
        this.waiting = new Waiting(world, dry);
        this.floor = plan.binding().floor();
    }

    /// @throws Failure.NotVerified when something stood in the way after a step was applied: "unreachable" would
    /// say that nothing was done
    Outcome from(Progress progress) {
        try {
            return through(progress);
        } catch (Failure.Interrupted | Failure.Unsettled known) {
            flushIfPossible();
            throw known;
        } catch (Failure trouble) {
            flushIfPossible();
            if (applied == 0 || dry) {
                sayItIsOpen();
                throw trouble;
            }
            throw new Failure.NotVerified(
                            Problem.in("going on with plan " + plan.id().shortForm() + ", of which " + applied + " of "
                                            + plan.steps().size() + " steps are applied")
                                    .found(trouble.problem().message())
                                    .hint("medic journal resume " + plan.id().shortForm()))
                    .because(trouble);
        }
    }

    private void sayItIsOpen() {
        if (!dry) {
            String id = plan.id().shortForm();
            world.narrator()
                    .say("Nothing was applied, and the entry is open: medic journal resume " + id
                            + " goes on, medic journal abandon " + id + " gives it up");
        }
    }

    private Outcome through(Progress progress) {
        for (int index = 0; index < plan.steps().size(); index++) {
            count(progress, index);
            if (progress.isOver(index)) {
                continue;
            }
            if (held.isEmpty()) {
                world.stop()
                        .look("before step " + (index + 1) + " of plan "
                                + plan.id().shortForm());
            }
            Optional<Outcome> end = step(index, progress);
            if (end.isPresent()) {
                return end.get();
            }
        }
        return progress.last(Event.VERIFIED).isPresent() ? ended() : verify();
    }

    Outcome abandon(Progress progress) {
        for (int index = 0; index < plan.steps().size(); index++) {
            count(progress, index);
            Optional<Record> newest = progress.last(index);
            Step step = plan.steps().get(index);
            if (wasSent(step, newest)
                    && new Verifier(world).answered(step.frame().when(), floor).isPresent()) {
                doneBefore(index);
                applied++;
            } else if (step instanceof ApiChange.Create create && maybeSent(index, progress)) {
                Optional<Settlement> found = apiSteps.found(create, floor);
                found.ifPresent(made -> raise(made.revision()));
                applied += found.isPresent() ? 1 : 0;
                Settlements.write(
                        ledger, plan, index, found.orElse(Settlement.of(Verdict.NOT_APPLIED, "given up before")));
            }
            if (newest.isPresent() && isOpen(newest.get())) {
                Settlement settlement = settle(index, newest.get(), progress);
                if (!settlement.verdict().isFinal()) {
                    return unknown(settlement);
                }
                if (settlement.isApplied()) {
                    raise(settlement.revision());
                    applied++;
                }
            }
        }
        boolean verified = progress.last(Event.VERIFIED).isPresent();
        return close(
                verified ? Result.INCOMPLETE : applied > 0 ? Result.PARTLY : Result.NOT_APPLIED,
                "given up by the operator");
    }

    private void count(Progress progress, int index) {
        progress.last(index, Event.SETTLED)
                .filter(_ -> progress.wasApplied(index))
                .ifPresent(settled -> {
                    applied++;
                    raise(settled.revision());
                });
        if (progress.last(index, Event.SKIPPED).isPresent()) {
            skipped++;
        }
    }

    /// @return the outcome, where the plan ends here
    private Optional<Outcome> step(int index, Progress progress) {
        Optional<Record> newest = progress.last(index);
        if (newest.isPresent() && isOpen(newest.get())) {
            Settlement settlement = settle(index, newest.get(), progress);
            if (settlement.verdict() != Verdict.NOT_APPLIED) {
                return settled(index, settlement);
            }
        } else if (progress.wasApplied(index)) {
            return afterwards(index, "");
        }
        return fresh(index, progress);
    }

    private static boolean isOpen(Record newest) {
        return newest.event() == Event.FENCED
                || newest.event() == Event.SETTLED
                        && newest.fact("verdict")
                                .map(v -> !Verdict.valueOf(v).isFinal())
                                .orElse(false);
    }

    private Settlement settle(int index, Record newest, Progress progress) {
        Step step = plan.steps().get(index);
        world.narrator()
                .say("Settling step " + (index + 1) + ": " + step.frame().title());
        if (step instanceof KeyChange) {
            Record fenced = progress.last(index, Event.FENCED).orElse(newest);
            Record intent = progress.last(index, Event.INTENT).orElse(newest);
            return keySteps.resume(plan, index, fenced, intent.states());
        }
        Settlement settlement = sendOther(step);
        return write(
                index,
                step instanceof ApiChange && settlement.verdict() == Verdict.STALE
                        ? wasOurs(step, settlement)
                        : settlement);
    }

    /// A step whose answer was lost, and that cannot be done now: because it was done, or because the world moved
    /// on.
    private Settlement wasOurs(Step step, Settlement stale) {
        return new Verifier(world).answered(step.frame().when(), floor).isPresent()
                ? Settlement.applied(floor.number())
                : Settlement.of(Verdict.MANUAL, "its answer was lost, and now: " + stale.why());
    }

    private Optional<Outcome> fresh(int index, Progress progress) {
        Step step = plan.steps().get(index);
        Frame frame = step.frame();
        Verifier verifier = new Verifier(world);
        Optional<String> leftOut = verifier.answered(frame.when(), floor);
        if (leftOut.isPresent() && wasSent(step, progress.last(index))) {
            world.narrator().say("Step " + (index + 1) + " was done before: " + frame.title());
            return settled(index, doneBefore(index));
        }
        if (leftOut.isPresent()) {
            return leaveOut(index, leftOut.get());
        }
        for (Precondition precondition : frame.requires()) {
            Optional<String> unmet = precondition.patience().isZero()
                    ? verifier.trouble(precondition.check(), floor)
                    : waiting.trouble(
                            Wait.until(title(precondition), precondition.check(), precondition.patience()), floor);
            if (unmet.isPresent()) {
                return Optional.of(close(
                        applied > 0 ? Result.PARTLY : Result.REFUSED,
                        precondition.otherwise() + " (" + unmet.get() + ")"));
            }
        }
        world.narrator().say("Step " + (index + 1) + " of " + plan.steps().size() + ": " + frame.title());
        Settlement settlement = send(index, step);
        if (settlement.verdict() == Verdict.STALE && step instanceof KeyChange) {
            // Nothing was changed; whoever came in between may have made the step needless.
            Optional<String> meanwhile = verifier.answered(frame.when(), floor);
            if (meanwhile.isPresent()) {
                return leaveOut(index, meanwhile.get());
            }
        }
        return settled(index, settlement);
    }

    private Optional<Outcome> leaveOut(int index, String why) {
        append(record(Event.SKIPPED, index).fact("why", why));
        world.narrator()
                .say("Step " + (index + 1) + " is not needed: "
                        + plan.steps().get(index).frame().title());
        skipped++;
        return Optional.empty();
    }

    /// Whether an earlier run was about to send the step and died: what it was to change is done then, and an undo
    /// has to know.
    static boolean wasSent(Step step, Optional<Record> newest) {
        return step instanceof ApiChange
                && newest.filter(record -> record.event() == Event.INTENT).isPresent();
    }

    /// Of the second half of an exchange nothing is written before its answer.
    private boolean maybeSent(int index, Progress progress) {
        Optional<Record> newest = progress.last(index);
        return wasSent(plan.steps().get(index), newest)
                || newest.isEmpty()
                        && index > 0
                        && isExchange(index - 1)
                        && progress.last(index - 1, Event.INTENT).isPresent();
    }

    private Settlement doneBefore(int index) {
        flush();
        Settlement done = Settlement.applied(floor.number());
        Settlements.write(ledger, plan, index, done);
        return done;
    }

    private static String title(Precondition precondition) {
        return Words.of(precondition.check());
    }

    private Settlement send(int index, Step step) {
        if (!(step instanceof KeyChange change)) {
            note(record(Event.INTENT, index), !held.isEmpty());
            world.faults().at(Point.INTENT_WRITTEN);
            Settlement settlement = sendOther(step);
            world.faults().at(Point.SENT);
            return write(index, settlement);
        }
        KeySteps.Seen seen = keySteps.look(change, floor);
        if (seen.moved().isPresent()) {
            return Settlement.of(Verdict.STALE, seen.moved().get());
        }
        if (!isFixed(change) && !dry) {
            List<Entry> entries =
                    seen.entries().stream().flatMap(Optional::stream).toList();
            append(archived(plan, vault.keep(plan, floor, entries, Map.of())).step(index));
        }
        return keySteps.send(plan, index, change, seen.entries());
    }

    private Settlement sendOther(Step step) {
        return switch (step) {
            case ApiChange change -> apiSteps.send(plan, change, floor);
            case HostChange change -> new HostSteps(world).send(plan, change, floor);
            case ClusterChange change -> new ClusterSteps(world).send(plan, change);
            case KeyChange _ -> throw new IllegalStateException("keys are sent behind a fence");
        };
    }

    private Settlement write(int index, Settlement settlement) {
        if (isExchange(index) && settlement.isApplied()) {
            held.add(Settlements.record(plan, index, settlement));
        } else {
            flush();
            Settlements.write(ledger, plan, index, settlement);
        }
        world.faults().at(Point.SETTLEMENT_WRITTEN);
        return settlement;
    }

    private Optional<Outcome> settled(int index, Settlement settlement) {
        return switch (settlement.verdict()) {
            case APPLIED -> {
                applied++;
                raise(settlement.revision());
                yield afterwards(index, settlement.uid());
            }
            case STALE -> Optional.of(close(applied > 0 ? Result.PARTLY : Result.STALE, settlement.why()));
            case NOT_APPLIED -> Optional.of(notApplied(settlement));
            case UNSETTLED, MANUAL -> Optional.of(unknown(settlement));
        };
    }

    /// With earlier steps applied the entry stays open, so that resume can try again.
    private Outcome notApplied(Settlement settlement) {
        Optional<ExitCode> signal = world.stop().requested();
        if (signal.isPresent()) {
            throw new Failure.Interrupted(
                    signal.get(),
                    Problem.in("applying plan " + plan.id().shortForm())
                            .found("stopped; the step was not applied")
                            .hint("medic journal resume " + plan.id().shortForm()));
        }
        return applied > 0 ? outcome(Result.PARTLY, settlement.why()) : close(Result.NOT_APPLIED, settlement.why());
    }

    private Outcome unknown(Settlement settlement) {
        return outcome(settlement.verdict() == Verdict.MANUAL ? Result.MANUAL : Result.UNSETTLED, settlement.why());
    }

    private Optional<Outcome> afterwards(int index, String uid) {
        Optional<Wait> wait = plan.steps().get(index).frame().waits();
        Optional<String> trouble = wait.flatMap(w -> waiting.trouble(w, floor));
        world.faults().at(Point.STEP_WAITED);
        if (trouble.isPresent() && wait.get().late() == Wait.Late.STOP) {
            append(record(Event.WAITING, index).fact("why", trouble.get()));
            return Optional.of(outcome(Result.NOT_VERIFIED, trouble.get()));
        }
        note(
                record(Event.DONE, index).fact("uid", uid).fact("waited", trouble.orElse("")),
                isExchange(index) && !held.isEmpty());
        world.faults().at(Point.STEP_DONE);
        return Optional.empty();
    }

    private Outcome verify() {
        for (Wait wait : plan.verify()) {
            Optional<String> trouble = waiting.trouble(wait, floor);
            if (trouble.isPresent()) {
                append(record(Event.WAITING, Record.WHOLE_PLAN).fact("why", trouble.get()));
                return outcome(Result.NOT_VERIFIED, trouble.get());
            }
        }
        if (!dry) {
            append(record(Event.VERIFIED, Record.WHOLE_PLAN)
                    .states(RepairRun.statesNow(world, plan, floor))
                    .at(floor.number()));
            world.faults().at(Point.VERIFIED);
        }
        return ended();
    }

    private Outcome ended() {
        if (dry) {
            return close(Result.DRY_RUN, "");
        }
        return plan.undoes().isPresent() && !plan.thenDo().isEmpty() ? incomplete() : close(Result.APPLIED, "");
    }

    /// An undo is whole once the operator has done what remains. Where the plan can tell, the entry stays open
    /// until then, and resume looks again.
    private Outcome incomplete() {
        if (plan.settled().isEmpty()) {
            return close(Result.INCOMPLETE, "");
        }
        Verifier verifier = new Verifier(world);
        Optional<String> trouble = plan.settled().stream()
                .flatMap(wait -> verifier.trouble(wait.until(), floor).stream())
                .findFirst();
        if (trouble.isEmpty()) {
            return close(Result.APPLIED, "");
        }
        append(record(Event.WAITING, Record.WHOLE_PLAN)
                .fact("outcome", Result.INCOMPLETE.name())
                .fact("why", trouble.get()));
        return outcome(Result.INCOMPLETE, trouble.get());
    }

    private Outcome close(Result result, String message) {
        append(record(Event.END, Record.WHOLE_PLAN)
                .fact("outcome", result.name())
                .fact("why", message)
                .at(floor.number()));
        world.faults().at(Point.ENDED);
        return outcome(result, message);
    }

    private Outcome outcome(Result result, String message) {
        List<String> pending = new ArrayList<>();
        if (result == Result.APPLIED || result == Result.INCOMPLETE) {
            RepairRun.notYet(world, plan.settled(), floor).forEach(wait -> pending.add(wait.what()));
        }
        Optional<Vault.Kept> kept = ledger.records().stream()
                .filter(r -> r.entry().equals(plan.id().hex()) && r.event() == Event.ARCHIVED)
                .findFirst()
                .map(StepRun::kept);
        return new Outcome(
                plan.id().hex(),
                result,
                applied == 0 ? 0 : floor.number(),
                applied,
                skipped,
                kept,
                message,
                pending,
                plan.undoes().isPresent() && result == Result.APPLIED ? List.of() : plan.thenDo());
    }

    private void raise(long revision) {
        if (revision > floor.number()) {
            floor = Revision.of(revision);
        }
    }

    /// Whether this step and the next take an object away and make it again. Between the two nothing is waited for,
    /// not even the disk: dying there loses nothing, because the delete names a UID and the create takes what
    /// exists.
    private boolean isExchange(int index) {
        List<Step> steps = plan.steps();
        return steps.get(index) instanceof ApiChange.Delete delete
                && delete.frame().waits().isEmpty()
                && index + 1 < steps.size()
                && steps.get(index + 1) instanceof ApiChange.Create create
                && create.key().equals(delete.key());
    }

    private void note(Record record, boolean later) {
        if (later) {
            held.add(record);
        } else {
            append(record);
        }
    }

    private void append(Record record) {
        flush();
        ledger.append(record);
    }

    /// Behind a failure, which a full disk must not hide: without what was held, resume asks the API what became of
    /// it.
    private void flushIfPossible() {
        try {
            flush();
        } catch (Failure.Unreachable full) {
            world.narrator().say("Not written down: " + full.problem().message());
        }
    }

    private void flush() {
        List<Record> late = List.copyOf(held);
        held.clear();
        late.forEach(ledger::append);
    }

    private Record record(Event event, int index) {
        return Record.of(plan.id().hex(), event).step(index);
    }

    /// Whether the plan knows what every key of the change holds.
    static boolean isFixed(KeyChange change) {
        return change.edits().stream().noneMatch(edit -> edit.expect() instanceof Expect.Meeting);
    }

    static Record archived(Plan plan, Vault.Kept kept) {
        return Record.of(plan.id().hex(), Event.ARCHIVED)
                .fact("archive", kept.file())
                .fact("archiveSha256", kept.sha256().hex());
    }

    static Vault.Kept kept(Record archived) {
        return new Vault.Kept(
                archived.fact("archive").orElse(""),
                new io.etcdmedic.bytes.Sha256(archived.fact("archiveSha256").orElseThrow()));
    }
}
