package io.etcdmedic.repair;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Restart;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.Faults.Point;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.journal.Event;
import io.etcdmedic.repair.journal.KeyState;
import io.etcdmedic.repair.journal.Ledger;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.journal.Record;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.Wait;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One run of a plan that the operator has confirmed: guards, archive, steps, verification, each written down.
public final class RepairRun {
    private final World world;
    private final Ledger ledger;
    private final Vault vault;
    private final boolean dry;

    private RepairRun(World world, Ledger ledger, Vault vault, boolean dry) {
        this.world = world;
        this.ledger = ledger;
        this.vault = vault;
        this.dry = dry;
    }

    public static RepairRun real(World world, Ledger ledger, Vault vault) {
        return new RepairRun(world, ledger, vault, false);
    }

    /// A run over an overlay: the same engine, nothing durable, and waits that end at once.
    public static RepairRun dry(World overOverlay, Ledger ledger, Vault vault) {
        return new RepairRun(overOverlay, ledger, vault, true);
    }

    /// Runs a plan from its beginning.
    ///
    /// @throws Failure.Refused a guard refused; nothing was done
    /// @throws Failure.Unsettled something was sent, and neither its outcome nor that fact could be written down
    public Outcome apply(Plan plan) {
        Optional<Outcome> known = knownAlready(plan);
        if (known.isPresent()) {
            return known.get();
        }
        if (plan.isEmpty()) {
            return outcome(plan, Result.NOTHING_TO_DO, "");
        }
        noneUnsettled();
        new Guards(world).pass(plan);
        Optional<String> unmet = new Guards(world).unmet(plan);
        if (unmet.isPresent()) {
            return outcome(plan, Result.REFUSED, unmet.get());
        }
        Optional<String> moved = moved(plan);
        if (moved.isPresent()) {
            return outcome(plan, Result.STALE, moved.get());
        }
        world.stop().look("before anything was sent");
        begin(plan);
        return new StepRun(world, ledger, vault, plan, dry).from(progress(plan));
    }

    /// Goes on with a plan from wherever an earlier run was left.
    public Outcome resume(Plan plan) {
        Progress progress = progress(plan);
        if (progress.isClosed()) {
            return tidied(plan, closed(plan, progress));
        }
        if (Guards.touchesCluster(plan)) {
            new Guards(world).sameCluster(plan);
        }
        if (progress.last(Event.ARCHIVED).isEmpty()) {
            archive(plan);
        }
        return tidied(plan, new StepRun(world, ledger, vault, plan, dry).from(progress(plan)));
    }

    /// Settles what is open of a plan, sends nothing more and closes the entry.
    public Outcome abandon(Plan plan) {
        Progress progress = progress(plan);
        if (progress.isClosed()) {
            return tidied(plan, closed(plan, progress));
        }
        if (Guards.touchesCluster(plan)) {
            new Guards(world).sameCluster(plan);
        }
        return tidied(plan, new StepRun(world, ledger, vault, plan, dry).abandon(progress));
    }

    /// Takes away the fences that the runs before left behind, and that decide nothing any more.
    private Outcome tidied(Plan plan, Outcome outcome) {
        if (!dry && !plan.keys().isEmpty()) {
            try {
                Fences.clear(world.keyspace(), List.of(progress(plan)));
            } catch (Failure harmless) {
                // They decide nothing; `journal verify` lists them.
            }
        }
        return outcome;
    }

    private Optional<Outcome> knownAlready(Plan plan) {
        Progress progress = progress(plan);
        if (progress.records().isEmpty()) {
            return Optional.empty();
        }
        if (progress.isClosed()) {
            return Optional.of(closed(plan, progress));
        }
        throw new Failure.Refused(Problem.in("applying plan " + plan.id().shortForm())
                .found("an unfinished run of it in the journal")
                .hint("medic journal resume " + plan.id().shortForm()));
    }

    /// What an earlier run of the plan came to. Only what was applied is "already applied".
    private Outcome closed(Plan plan, Progress progress) {
        Result then = Result.valueOf(progress.outcome());
        boolean applied = then == Result.APPLIED || then == Result.INCOMPLETE;
        Optional<String> undone = applied ? undoneBy(plan) : Optional.empty();
        if (undone.isPresent()) {
            return outcome(
                    plan,
                    Result.STALE,
                    "this plan ran already and was taken back by journal entry " + undone.get() + ": make it anew");
        }
        return outcome(
                plan,
                applied ? Result.ALREADY_APPLIED : then,
                "this plan ran already, with the outcome " + then
                        + (applied ? "" : ", and runs once only: make it anew"));
    }

    /// The short id of a run that took the plan's effect back.
    private Optional<String> undoneBy(Plan plan) {
        return Progress.of(ledger.records()).stream()
                .filter(other -> other.isClosed() && other.undoes(plan.id().hex()))
                .filter(other ->
                        List.of(Result.APPLIED.name(), Result.INCOMPLETE.name()).contains(other.outcome()))
                .map(other -> other.entry().substring(0, 8))
                .findFirst();
    }

    private void noneUnsettled() {
        for (Progress other : Progress.of(ledger.records())) {
            if (other.unsettled().isPresent()) {
                throw new Failure.Refused(Problem.in("beginning a change")
                        .found("journal entry " + other.entry().substring(0, 8)
                                + " is unsettled: it may or may not have been applied")
                        .hint("medic journal resume " + other.entry().substring(0, 8)));
            }
        }
    }

    /// Whether the keys are still as the plan saw them; the transaction compares once more. A step under a
    /// condition is looked at when its turn comes: it may be left out.
    private Optional<String> moved(Plan plan) {
        KeySteps keys = new KeySteps(world, ledger);
        if (plan.steps().isEmpty() || !(plan.steps().getFirst() instanceof KeyChange)) {
            return Optional.empty();
        }
        return plan.steps().stream()
                .filter(step -> step instanceof KeyChange change
                        && StepRun.isFixed(change)
                        && change.frame().when() instanceof Check.Always)
                .flatMap(step -> keys.look((KeyChange) step, plan.binding().floor()).moved().stream())
                .findFirst();
    }

    private void begin(Plan plan) {
        Record begin = Record.of(plan.id().hex(), Event.BEGIN)
                .fact("planSha256", vault.keep(plan).hex())
                .fact("title", plan.title())
                .fact("runbook", plan.runbook())
                .fact("cluster", plan.binding().clusterId())
                .fact(
                        "objects",
                        String.join(", ", plan.objects().stream().limit(10).toList()))
                .at(plan.binding().floor().number());
        ledger.append(plan.undoes().map(id -> begin.fact("undoes", id)).orElse(begin));
        world.faults().at(Point.BEGUN);
        archive(plan);
    }

    private void archive(Plan plan) {
        if (dry) {
            return;
        }
        List<Entry> entries = new ArrayList<>();
        List<KeyState> states = new ArrayList<>();
        Vault.Kept kept = Restart.onCompaction(() -> {
            Reading reading = Reading.atLeast(world.keyspace(), plan.binding().floor());
            entries.clear();
            states.clear();
            for (Key key : touched(plan)) {
                Optional<Entry> entry = reading.get(key);
                entry.ifPresent(entries::add);
                states.add(KeyState.of(key, entry));
            }
            return vault.keep(plan, reading.revision(), entries, files(plan));
        });
        ledger.append(StepRun.archived(plan, kept).states(states));
        world.faults().at(Point.ARCHIVED);
        world.narrator().say("Archived what the plan touches: " + kept.file());
    }

    private static Set<Key> touched(Plan plan) {
        Set<Key> keys = new LinkedHashSet<>(plan.keys());
        keys.addAll(plan.alsoArchive());
        plan.steps().forEach(step -> {
            if (step instanceof ApiChange change) {
                keys.add(change.key());
            }
        });
        return keys;
    }

    private Map<String, Bytes> files(Plan plan) {
        Map<String, Bytes> files = new LinkedHashMap<>();
        plan.steps().forEach(step -> {
            if (step instanceof HostChange.Content content) {
                world.host().content(content.path()).ifPresent(bytes -> files.put(content.path(), bytes));
            }
        });
        return files;
    }

    private Progress progress(Plan plan) {
        return new Progress(
                plan.id().hex(),
                ledger.records().stream()
                        .filter(r -> r.entry().equals(plan.id().hex()))
                        .toList());
    }

    private Outcome outcome(Plan plan, Result result, String message) {
        return new Outcome(plan.id().hex(), result, 0, 0, 0, Optional.empty(), message, List.of(), List.of());
    }

    static List<KeyState> statesNow(World world, Plan plan, Revision floor) {
        List<Key> keys = List.copyOf(touched(plan));
        List<Optional<Entry>> entries = Reading.all(world.keyspace(), floor, keys);
        List<KeyState> states = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            states.add(KeyState.of(keys.get(i), entries.get(i)));
        }
        return states;
    }

    static List<Wait> notYet(World world, List<Wait> waits, Revision floor) {
        Verifier verifier = new Verifier(world);
        return waits.stream().filter(w -> !verifier.holds(w.until(), floor)).toList();
    }
}
