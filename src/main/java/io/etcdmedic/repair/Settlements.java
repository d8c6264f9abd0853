package io.etcdmedic.repair;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.repair.journal.Event;
import io.etcdmedic.repair.journal.Ledger;
import io.etcdmedic.repair.journal.Record;
import io.etcdmedic.repair.plan.Plan;

/// Writes verdicts into the journal, and says the truth when the journal does not take them.
final class Settlements {
    private Settlements() {}

    static void write(Ledger ledger, Plan plan, int index, Settlement settlement) {
        try {
            ledger.append(record(plan, index, settlement));
        } catch (Failure.Unreachable diskFull) {
            // "Unreachable" would say that nothing was done, and that is not known any more.
            throw new Failure.Unsettled(Problem.in("writing the outcome of step " + (index + 1) + " into the journal")
                            .found(settlement.verdict() + " at revision " + settlement.revision() + ", but "
                                    + diskFull.problem().message())
                            .hint("make room, then: medic journal resume (it settles the step again)"))
                    .because(diskFull);
        }
    }

    static Record record(Plan plan, int index, Settlement settlement) {
        return Record.of(plan.id().hex(), Event.SETTLED)
                .step(index)
                .fact("verdict", settlement.verdict().name())
                .fact("why", settlement.why())
                .fact("uid", settlement.uid())
                .at(settlement.revision());
    }
}
