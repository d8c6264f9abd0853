package io.etcdmedic.repair;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Compare;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.repair.Faults.Point;
import io.etcdmedic.repair.journal.Event;
import io.etcdmedic.repair.journal.KeyState;
import io.etcdmedic.repair.journal.Ledger;
import io.etcdmedic.repair.journal.Record;
import io.etcdmedic.repair.journal.Verdict;
import io.etcdmedic.repair.plan.Expect;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Commits the key changes of a plan: intent, fence, transaction, verdict; and settles what was left in the middle.
final class KeySteps {
    /// How long a lost answer is asked after at once; then it is for `journal resume`.
    private static final Duration SETTLE_FOR = Duration.ofSeconds(3);

    /// etcd takes requests of 1.5 MiB (`--max-request-bytes`). A transaction that compares a value carries it, so
    /// beyond half of that the value is left out and revisions, version and lease must do.
    private static final int COMPARED_BYTES_MAX = (1 << 20) * 3 / 4;

    private static final Duration RETRY = Duration.ofMillis(200);
    private static final int OP_BYTES = 16;

    private final World world;
    private final Ledger ledger;

    KeySteps(World world, Ledger ledger) {
        this.world = world;
        this.ledger = ledger;
    }

    /// Sends the step, `seen` being what its keys hold now, in the order of its edits.
    Settlement send(Plan plan, int index, KeyChange change, List<Optional<Entry>> seen) {
        String op = newOp();
        List<KeyState> before = states(change, seen);
        ledger.append(record(plan, index, Event.INTENT).fact("op", op).states(before));
        world.faults().at(Point.INTENT_WRITTEN);
        Fence fence = new Fence(world.keyspace(), op, permit(plan, op));
        Revision f = put(fence, plan.id() + " step " + index);
        world.faults().at(Point.FENCE_PUT);
        ledger.append(record(plan, index, Event.FENCED).fact("op", op).at(f.number()));
        world.faults().at(Point.FENCE_WRITTEN);
        Settlement settlement = commit(fence, f, wanted(plan, change, seen), before);
        return write(plan, index, fence, settlement);
    }

    /// Settles what an earlier run left behind its fence.
    Settlement resume(Plan plan, int index, Record fenced, List<KeyState> before) {
        String op = fenced.fact("op").orElseThrow();
        Fence fence = new Fence(world.keyspace(), op, permit(plan, op));
        Settlement settlement = settle(fence, Revision.of(fenced.revision()), before, "resumed");
        world.faults().at(Point.RESUME_CANCELLED);
        return write(plan, index, fence, settlement);
    }

    /// Without F in the journal nothing has been sent, so a fence that cannot be put is no unknown outcome.
    private static Revision put(Fence fence, String content) {
        try {
            return fence.put(content);
        } catch (Failure.Unsettled lost) {
            throw new Failure.Unreachable(Problem.in("putting the fence")
                            .found(
                                    "no answer: the fence, a key of medic's own, may stand; the change itself was not sent")
                            .hint("journal resume goes on from here"))
                    .because(lost);
        }
    }

    private Settlement write(Plan plan, int index, Fence fence, Settlement settlement) {
        Settlements.write(ledger, plan, index, settlement);
        world.faults().at(Point.SETTLEMENT_WRITTEN);
        if (settlement.verdict().isFinal() && !settlement.isApplied()) {
            fence.clear();
            world.faults().at(Point.FENCE_CLEARED);
        }
        return settlement;
    }

    private Settlement commit(Fence fence, Revision f, Transaction wanted, List<KeyState> before) {
        try {
            world.stop().look("before sending the transaction");
        } catch (Failure.Interrupted stopped) {
            return Settlement.of(Verdict.NOT_APPLIED, "stopped before it was sent");
        }
        Transaction.Answer answer;
        try {
            answer = world.keyspace().commit(fence.guarded(wanted, f), fence.permit());
        } catch (Failure lost) {
            world.narrator().say("The answer is lost (" + lost.problem().message() + "); settling by the fence.");
            return settle(fence, f, before, lost.problem().message());
        }
        world.faults().at(Point.SENT);
        if (answer.succeeded()) {
            return Settlement.applied(answer.revision().number());
        }
        return refused(answer, f);
    }

    private static Settlement refused(Transaction.Answer answer, Revision f) {
        boolean fenceStands =
                answer.reads().getLast().filter(e -> e.modRevision().equals(f)).isPresent();
        return fenceStands
                ? Settlement.of(Verdict.STALE, "somebody changed the object between reading and writing")
                : Settlement.of(Verdict.NOT_APPLIED, "another run settled this step and cancelled it");
    }

    private Settlement settle(Fence fence, Revision f, List<KeyState> before, String lost) {
        Instant deadline = world.clock().instant().plus(SETTLE_FOR);
        while (true) {
            try {
                return fence.settle(f, before);
            } catch (Failure unanswered) {
                if (!world.clock().instant().isBefore(deadline)) {
                    return Settlement.of(
                            Verdict.UNSETTLED,
                            lost + "; and settling: " + unanswered.problem().message());
                }
                world.pause().forThe(RETRY);
            }
        }
    }

    private static Transaction wanted(Plan plan, KeyChange change, List<Optional<Entry>> seen) {
        List<Compare> compares = new ArrayList<>();
        List<Write> writes = new ArrayList<>();
        List<Key> reads = new ArrayList<>();
        int comparedBytes = seen.stream()
                .flatMap(Optional::stream)
                .mapToInt(e -> e.value().length())
                .sum();
        for (int i = 0; i < change.edits().size(); i++) {
            KeyChange.Edit edit = change.edits().get(i);
            if (seen.get(i).isEmpty()) {
                compares.add(Compare.absent(edit.key()));
            } else {
                Compare.same(seen.get(i).get()).stream()
                        .filter(c -> comparedBytes <= COMPARED_BYTES_MAX || !(c instanceof Compare.Value))
                        .forEach(compares::add);
            }
            writes.add(write(plan, edit));
            reads.add(edit.key());
        }
        return new Transaction(compares, writes, reads);
    }

    private static Write write(Plan plan, KeyChange.Edit edit) {
        return switch (edit.effect()) {
            case KeyChange.Effect.Delete _ -> new Write.Delete(edit.key());
            case KeyChange.Effect.Put put -> {
                Bytes bytes = plan.bytes(put.value());
                yield new Write.Put(edit.key(), bytes, put.lease());
            }
        };
    }

    /// The keys of the step as they are now, if that is what the plan is safe against.
    ///
    /// @return the entries in the order of the edits; or why not, in words
    Seen look(KeyChange change, Revision floor) {
        List<Key> keys = change.edits().stream().map(KeyChange.Edit::key).toList();
        List<Optional<Entry>> found = Reading.all(world.keyspace(), floor, keys);
        Verifier verifier = new Verifier(world);
        for (int i = 0; i < keys.size(); i++) {
            Optional<String> moved = moved(change.edits().get(i), found.get(i), floor, verifier);
            if (moved.isPresent()) {
                return new Seen(found, moved);
            }
        }
        return new Seen(found, Optional.empty());
    }

    /// @param moved why the plan does not fit any more; empty: it does
    record Seen(List<Optional<Entry>> entries, Optional<String> moved) {}

    private static Optional<String> moved(KeyChange.Edit edit, Optional<Entry> now, Revision floor, Verifier verifier) {
        String key = edit.key().display();
        return switch (edit.expect()) {
            case Expect.Absent _ ->
                now.map(entry -> key + " is there now (created at revision " + entry.createRevision() + ")");
            case Expect.Exactly seen -> {
                if (now.isEmpty()) {
                    yield Optional.of(key + " is gone; the plan saw it " + Words.of(seen));
                }
                yield seen.matches(now.get())
                        ? Optional.empty()
                        : Optional.of(key + " is now " + Words.of(Expect.of(now.get())) + "; the plan saw it "
                                + Words.of(seen));
            }
            case Expect.Meeting meeting -> verifier.trouble(meeting.check(), floor);
        };
    }

    private static List<KeyState> states(KeyChange change, List<Optional<Entry>> seen) {
        List<KeyState> states = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            states.add(KeyState.of(change.edits().get(i).key(), seen.get(i)));
        }
        return states;
    }

    private static WritePermit permit(Plan plan, String op) {
        Set<Key> keys = new HashSet<>(plan.keys());
        keys.add(Fence.key(op));
        return new WritePermit(plan.id().hex(), keys);
    }

    private String newOp() {
        byte[] bits = new byte[OP_BYTES];
        world.random().nextBytes(bits);
        return Bytes.owned(bits).toHex();
    }

    private static Record record(Plan plan, int index, Event event) {
        return Record.of(plan.id().hex(), event).step(index);
    }
}
