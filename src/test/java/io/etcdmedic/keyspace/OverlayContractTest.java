package io.etcdmedic.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The contract for an overlay, wherever the line between its base and itself lies.
class OverlayContractTest {
    @Nested
    class OverEmpty extends KeyspaceContract {
        @Override
        protected Keyspace afterScript() {
            return split(0);
        }
    }

    @Nested
    class OverHalf extends KeyspaceContract {
        @Override
        protected Keyspace afterScript() {
            return split(4);
        }
    }

    @Nested
    class OverAll extends KeyspaceContract {
        @Override
        protected Keyspace afterScript() {
            return split(KeyspaceContract.SCRIPT.size());
        }
    }

    @Test
    void theBaseIsNeverWritten() {
        Memory base = Memory.after(KeyspaceContract.SCRIPT);
        List<Entry> before = KeyspaceContract.all(base.scan(KeyRange.all(), Scan.values()));
        Overlay overlay = new Overlay(base);
        overlay.apply(new Transaction(List.of(), List.of(new Write.Delete(KeyspaceContract.A)), List.of()));
        assertThat(overlay.get(KeyspaceContract.A)).isEmpty();
        assertThat(overlay.count(KeyRange.all(), Optional.empty())).isEqualTo(before.size() - 1);
        assertThat(overlay.changes())
                .containsExactly(
                        new Change.Delete(KeyspaceContract.A, base.revision().after()));
        assertThat(KeyspaceContract.all(base.scan(KeyRange.all(), Scan.values())))
                .isEqualTo(before);
    }

    @Test
    void whatTheBaseLearnsLaterIsNotSeen() {
        Memory base = Memory.after(KeyspaceContract.SCRIPT.subList(0, 2));
        Overlay overlay = new Overlay(base);
        base.apply(new Transaction(List.of(), KeyspaceContract.SCRIPT.get(2), List.of()));
        assertThat(overlay.get(KeyspaceContract.A).orElseThrow().version()).isEqualTo(1);
        assertThat(overlay.history(KeyspaceContract.A)).hasSize(1);
    }

    private static Overlay split(int transactionsInBase) {
        List<List<Write>> script = KeyspaceContract.SCRIPT;
        Overlay overlay = new Overlay(Memory.after(script.subList(0, transactionsInBase)));
        for (List<Write> writes : script.subList(transactionsInBase, script.size())) {
            overlay.apply(new Transaction(List.of(), writes, List.of()));
        }
        return overlay;
    }
}
