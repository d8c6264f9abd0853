package io.etcdmedic.repair;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Compare;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.repair.journal.KeyState;
import io.etcdmedic.repair.journal.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The key that decides whether a transaction whose answer is lost was applied.
///
/// It is put before the transaction, which deletes it in the same act. To settle, the fence is overwritten with
/// `cancelled` under a comparison with the revision F at which it was put: where that succeeds, the transaction was
/// not applied and never can be; where the fence is gone, it was. To settle by *deleting* the fence is wrong: after a
/// second lost response "gone" means two things (8 wrong verdicts in 40 measured trials; this form: none).
final class Fence {
    /// Outside every prefix that a kube-apiserver lists or watches.
    static final String PREFIX = "/etcd-medic/op/";

    private static final Bytes CANCELLED = Bytes.utf8("cancelled");
    private final WritableKeyspace keyspace;
    private final Key key;
    private final WritePermit permit;

    Fence(WritableKeyspace keyspace, String op, WritePermit permit) {
        this.keyspace = keyspace;
        this.key = key(op);
        this.permit = permit;
    }

    WritePermit permit() {
        return permit;
    }

    static Key key(String op) {
        return Key.of(PREFIX + op);
    }

    /// Puts the fence and gives the revision F.
    ///
    /// Whatever goes wrong here, the transaction has not been sent: F is not in the journal yet. A fence
    /// that is left behind is harmless, since no other attempt uses its name.
    Revision put(String content) {
        Transaction.Answer answer = keyspace.commit(
                new Transaction(
                        List.of(Compare.absent(key)),
                        List.of(new Write.Put(key, Bytes.utf8(content), LeaseId.NONE)),
                        List.of()),
                permit);
        if (!answer.succeeded()) {
            throw new Failure.Refused(Problem.in("putting the fence " + key.display())
                    .found("a key of that name")
                    .hint("nothing was sent; try again"));
        }
        return answer.revision();
    }

    /// `wanted` with the fence at F as one more comparison, and its removal as one more write.
    Transaction guarded(Transaction wanted, Revision f) {
        List<Compare> compares = new ArrayList<>(wanted.compares());
        compares.add(new Compare.Mod(key, f.number()));
        List<Write> writes = new ArrayList<>(wanted.writes());
        writes.add(new Write.Delete(key));
        List<Key> otherwise = new ArrayList<>(wanted.otherwise());
        otherwise.add(key);
        return new Transaction(compares, writes, otherwise);
    }

    /// What became of the transaction that was guarded by the fence at `f`.
    ///
    /// @param before what the keys that it was to write held before
    /// @throws Failure when etcd does not answer now: it stays unsettled
    Settlement settle(Revision f, List<KeyState> before) {
        List<Key> reads = new ArrayList<>();
        reads.add(key);
        before.forEach(state -> reads.add(state.key()));
        Transaction.Answer answer = keyspace.commit(
                new Transaction(
                        List.of(new Compare.Mod(key, f.number())),
                        List.of(new Write.Put(key, CANCELLED, LeaseId.NONE)),
                        reads),
                permit);
        if (answer.revision().compareTo(f) < 0) {
            return Settlement.of(
                    Verdict.MANUAL,
                    "etcd is at revision " + answer.revision() + ", older than the fence at " + f
                            + ": the cluster was restored");
        }
        if (answer.succeeded()) {
            return Settlement.of(Verdict.NOT_APPLIED, "cancelled before it was applied");
        }
        Optional<Entry> fence = answer.reads().getFirst();
        if (fence.isPresent()) {
            return fence.get().value().equals(CANCELLED)
                    ? Settlement.of(Verdict.NOT_APPLIED, "cancelled earlier")
                    : Settlement.of(Verdict.MANUAL, "somebody rewrote the fence " + key.display());
        }
        return gone(before, answer);
    }

    /// Removes a cancelled or unused fence: only after the verdict is in the journal. Failing to is harmless.
    void clear() {
        try {
            Optional<Entry> left = keyspace.get(key);
            if (left.isPresent()) {
                keyspace.commit(
                        new Transaction(
                                List.of(new Compare.Mod(
                                        key, left.get().modRevision().number())),
                                List.of(new Write.Delete(key)),
                                List.of()),
                        permit);
            }
        } catch (Failure harmless) {
            // An orphan fence decides nothing: no other attempt uses its name.
        }
    }

    /// The fence is gone, so the transaction was applied, unless the evidence contradicts itself.
    private Settlement gone(List<KeyState> before, Transaction.Answer answer) {
        for (int i = 0; i < before.size(); i++) {
            Optional<Entry> now = answer.reads().get(i + 1);
            KeyState state = before.get(i);
            boolean untouched = state.state().isPresent()
                    && now.isPresent()
                    && now.get().modRevision().equals(state.state().get().modRevision());
            if (untouched) {
                return Settlement.of(
                        Verdict.MANUAL,
                        "the fence is gone as if the change had been applied, and "
                                + state.key().display() + " is still at revision "
                                + now.get().modRevision());
            }
        }
        return Settlement.applied(appliedAt(answer.revision()).number());
    }

    /// The revision at which the fence was deleted, from history; else `atMost`, which is not before it.
    private Revision appliedAt(Revision atMost) {
        try {
            return keyspace.history(key).reversed().stream()
                    .filter(change -> change instanceof Change.Delete)
                    .map(Change::revision)
                    .findFirst()
                    .orElse(atMost);
        } catch (Failure unknown) {
            return atMost;
        }
    }
}
