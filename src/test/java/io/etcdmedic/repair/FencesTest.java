package io.etcdmedic.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.command.Ran;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.repair.Faults.Point;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.journal.Verdict;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.snapshot.EtcdOfClass;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What killed runs leave in etcd, who may take it away, and what giving up a run comes to. Starting etcd takes a
/// second.
class FencesTest {
    private static final String A = "/registry/configmaps/shop/a";
    private static final String B = "/registry/configmaps/shop/b";
    private static final String FOREIGN = Fence.PREFIX + "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder = Path.of("");

    @RegisterExtension
    static final EtcdOfClass ETCD = new EtcdOfClass();

    @BeforeEach
    void fill() throws Exception {
        etcdctl("del", "--prefix", "/");
        etcdctl("put", A, "{}");
        etcdctl("put", B, "{}");
    }

    @Test
    void aFenceThatNothingWasSentBehindIsLeftOver() throws Exception {
        Plan plan = killed(Point.FENCE_PUT, A);
        assertThat(verified()).contains("left over", "medic journal prune --fences");
        assertThat(medic("journal", "prune", "--fences", "--dry-run").text()).startsWith(Fence.PREFIX);
        assertThat(medic("journal", "prune", "--fences", "--read-only").status())
                .isEqualTo(2);
        assertThat(fences()).hasSize(1);
        assertThat(medic("journal", "prune", "--fences").text()).startsWith(Fence.PREFIX);
        assertThat(fences()).isEmpty();
        try (FaultLab lab = lab()) {
            assertThat(lab.resume(plan, Faults.NONE).result()).isEqualTo(Result.APPLIED);
        }
    }

    @Test
    void aFenceThatStillDecidesIsNotTakenAway() throws Exception {
        Plan plan = killed(Point.FENCE_WRITTEN, A);
        assertThat(verified())
                .contains("needed", "medic journal resume " + plan.id().shortForm());
        assertThat(medic("journal", "prune", "--fences").text()).isEmpty();
        assertThat(fences()).hasSize(1);
        Ran resumed = medic("journal", "resume");
        assertThat(resumed.status()).as(resumed.stderr()).isZero();
        assertThat(etcdctl("get", A)).isEmpty();
        assertThat(fences()).isEmpty();
        assertThat(verified()).doesNotContain("fence");
    }

    @Test
    void anotherOperatorsFenceStays() throws Exception {
        etcdctl("put", FOREIGN, "00112233445566778899aabbccddeeff step 0");
        assertThat(verified()).contains("of another state folder, entry 00112233");
        assertThat(medic("journal", "prune", "--fences").text()).isEmpty();
        assertThat(fences()).containsExactly(FOREIGN);
        etcdctl("put", FOREIGN, "cancelled");
        assertThat(verified()).contains("where it was cancelled");
        assertThat(medic("journal", "prune", "--fences").text()).isEmpty();
        assertThat(fences()).containsExactly(FOREIGN);
    }

    @Test
    void withoutEtcdTheJournalIsVerifiedAllTheSame() {
        Ran ran = Ran.of("journal", "verify", "--state-dir", state(), "--endpoints", "http://127.0.0.1:1");
        assertThat(ran.status()).isZero();
        assertThat(ran.text()).contains("not looked at");
    }

    @Test
    void whatIsGivenUpSendsNothingMore() throws Exception {
        Plan plan = killed(Point.STEP_DONE, A, B);
        assertThat(etcdctl("get", A)).isEmpty();
        Ran abandoned = medic("journal", "abandon", plan.id().shortForm());
        assertThat(abandoned.text())
                .as(abandoned.stderr())
                .contains("PARTLY", "medic undo")
                .doesNotContain("resume");
        assertThat(etcdctl("get", B)).isNotEmpty();
        assertThat(medic("journal", "resume").status())
                .as("nothing is open any more")
                .isEqualTo(1);
        try (FaultLab lab = lab()) {
            assertThat(lab.apply(lab.undo(plan), Faults.NONE).result()).isEqualTo(Result.APPLIED);
        }
        assertThat(etcdctl("get", A)).isNotEmpty();
    }

    /// What was sent is settled by the fence before the entry is closed: a transaction that is late finds it cancelled.
    @Test
    void whatIsGivenUpIsSettledFirst() throws Exception {
        Plan plan = killed(Point.FENCE_WRITTEN, A);
        Ran abandoned = medic("journal", "abandon", plan.id().shortForm());
        assertThat(abandoned.text()).as(abandoned.stderr()).contains("NOT_APPLIED");
        assertThat(etcdctl("get", A)).isNotEmpty();
        assertThat(fences()).isEmpty();
        Plan sent = killed(Point.SENT, A);
        assertThat(medic("journal", "abandon", sent.id().shortForm()).text()).contains("PARTLY");
        assertThat(etcdctl("get", A)).isEmpty();
    }

    /// Evidence that contradicts itself is for a person: nothing is inferred from it.
    @Test
    void aFenceThatSomebodyTookAwayIsForAPerson() throws Exception {
        Plan plan = killed(Point.FENCE_WRITTEN, A);
        etcdctl("del", "--prefix", Fence.PREFIX);
        Ran resumed = medic("journal", "resume");
        assertThat(resumed.status()).isEqualTo(8);
        assertThat(resumed.text()).contains("MANUAL", "still at revision");
        assertThat(etcdctl("get", A)).isNotEmpty();
        assertThat(medic("journal", "abandon", plan.id().shortForm()).text()).contains("MANUAL");
    }

    @Test
    void anEtcdThatIsOlderThanTheFenceIsForAPerson() {
        try (FaultLab lab = lab()) {
            WritePermit permit = new WritePermit("p", java.util.Set.of(Fence.key("op")));
            Settlement settlement = new Fence(lab.cluster.keyspace(), "op", permit)
                    .settle(Revision.of(lab.revision().number() + 1000), List.of());
            assertThat(settlement.verdict()).isEqualTo(Verdict.MANUAL);
            assertThat(settlement.why()).contains("was restored");
        }
    }

    @Test
    void aPlanForThisMachineAloneIsGivenUpWithoutACluster() {
        HostChange.Ownership owner = new HostChange.Ownership(0, 0, 0600);
        try (FaultLab lab = lab()) {
            Plan plan = new PlanDraft("node certs fix", "t", lab.binding())
                    .step(new HostChange.Access(Frame.of("chmod", "file"), "/nonexistent/x", owner, owner))
                    .build(PlanId.random(new Random()), lab.clock.instant());
            assertThatThrownBy(() -> lab.apply(plan, FaultLab.killingAt(Point.BEGUN)))
                    .isInstanceOf(FaultLab.Killed.class);
            Ran abandoned = Ran.of("journal", "abandon", plan.id().shortForm(), "--state-dir", state());
            assertThat(abandoned.text()).as(abandoned.stderr()).contains("NOT_APPLIED");
        }
    }

    private Plan killed(Point point, String... keys) {
        try (FaultLab lab = lab()) {
            Plan plan = lab.deletion(keys);
            assertThatThrownBy(() -> lab.apply(plan, FaultLab.killingAt(point))).isInstanceOf(FaultLab.Killed.class);
            return plan;
        }
    }

    private String verified() {
        Ran ran = medic("journal", "verify");
        assertThat(ran.status()).as(ran.text()).isZero();
        return ran.text();
    }

    private List<String> fences() throws Exception {
        return etcdctl("get", "--prefix", Fence.PREFIX, "--keys-only")
                .lines()
                .filter(line -> !line.isEmpty())
                .map(line -> Key.of(line).text())
                .toList();
    }

    private Ran medic(String... words) {
        List<String> line = new java.util.ArrayList<>(List.of(words));
        line.addAll(List.of("--state-dir", state(), "--endpoints", endpoint()));
        return Ran.of(line.toArray(String[]::new));
    }

    private FaultLab lab() {
        return new FaultLab(Connections.plain(endpoint()), Path.of(state()));
    }

    private String state() {
        return folder.resolve("state").toString();
    }

    private static String endpoint() {
        return ETCD.server().endpoint();
    }

    private static String etcdctl(String... words) throws Exception {
        return ETCD.server().etcdctl(List.of(words));
    }
}
