package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.repair.Faults;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.journal.Event;
import io.etcdmedic.repair.journal.Ledger;
import io.etcdmedic.repair.journal.MemoryLedger;
import io.etcdmedic.repair.journal.Record;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.runbook.servicecidr.ServiceCidr;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Between taking Service `kubernetes` away and making it again nothing is written down; what happens in between is
/// told truly all the same.
class ExchangeTest {
    @Test
    void aDiskThatFillsUpInBetweenIsNotTakenForNothingDone() {
        try (PlayedLab broken = new PlayedLab(new ServiceCidr())) {
            FullDisk disk = new FullDisk();
            broken.lab.ledger = disk;
            Plan plan = broken.lab.plan(Request.target(PlayedLab.TARGET), List.of());
            assertThatThrownBy(() -> broken.lab.apply(plan, point -> {
                        if (point == Faults.Point.SETTLEMENT_WRITTEN && isExchanging(plan, disk)) {
                            disk.full = true;
                            throw new Failure.Unreachable(
                                    Problem.in("asking the API").found("gone"));
                        }
                    }))
                    .isInstanceOf(Failure.NotVerified.class)
                    .hasMessageContaining("steps are applied");
            assertThat(disk.full).isTrue();
            disk.full = false;
            assertThat(broken.lab.resume(plan, Faults.NONE).result()).isEqualTo(Result.APPLIED);
            assertThat(broken.facts()).contains("service kubernetes [10.43.0.1]");
        }
    }

    private static boolean isExchanging(Plan plan, Ledger ledger) {
        Record sent = ledger.records().stream()
                .filter(record -> record.event() == Event.INTENT)
                .reduce((_, later) -> later)
                .orElseThrow();
        return plan.steps().get(sent.step()) instanceof ApiChange.Delete delete
                && delete.name().toString().contains("kubernetes")
                && delete.key().display().contains("/services/specs/");
    }

    private static final class FullDisk implements Ledger {
        private final MemoryLedger written = new MemoryLedger();
        private boolean full;

        @Override
        public void append(Record record) {
            if (full) {
                throw new Failure.Unreachable(Problem.in("writing the journal").found("no space left on device"));
            }
            written.append(record);
        }

        @Override
        public List<Record> records() {
            return written.records();
        }
    }
}
