package io.etcdmedic.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.ForwardingKeyspace;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Memory;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Expect;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.repair.plan.Value;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Each guard, in a world in which it must refuse, and the same world without the trouble, in which it must not.
class GuardsTest {
    private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");
    private static final Key KEY = Key.of("/registry/x");
    private static final Health WELL =
            new Health("", List.of("1"), "3.4.23", true, List.of(), List.of(), new Health.Hashes.Equal(1), false);

    private final Memory keyspace = Memory.after(List.of(
            List.of(new Write.Put(KEY, Bytes.utf8("v"), LeaseId.NONE)),
            List.of(new Write.Put(Key.of("/other"), Bytes.utf8("v"), LeaseId.NONE))));

    @Test
    void aPlanForThisWorldPasses() {
        assertThatCode(() -> guards(WELL, NOW).pass(plan(keyspace.revision()))).doesNotThrowAnyException();
    }

    @Test
    void anotherCluster() {
        Plan other = new PlanDraft("test", "t", binding("beef", keyspace.revision()))
                .step(delete())
                .build(PlanId.random(new Random()), NOW);
        refused("made for cluster beef", () -> guards(WELL, NOW).pass(other));
    }

    @Test
    void anHourLater() {
        Plan plan = plan(keyspace.revision());
        assertThatCode(() -> guards(WELL, NOW.plus(Duration.ofMinutes(59))).pass(plan))
                .doesNotThrowAnyException();
        refused("expired", () -> guards(WELL, NOW.plus(Duration.ofMinutes(61))).pass(plan));
    }

    @Test
    void manyRevisionsLater() {
        Plan plan = plan(Revision.of(1));
        Memory far = keyspace;
        refused("revisions ago", () -> new Guards(world(far, new FarAhead(far), WELL, NOW)).pass(plan));
    }

    @Test
    void aRevisionThatThisClusterHasNotReached() {
        assertThatThrownBy(() -> guards(WELL, NOW).pass(plan(Revision.of(99)))).isInstanceOf(Failure.Stale.class);
    }

    @Test
    void aKeyAmongTheFences() {
        Plan plan = new PlanDraft("test", "t", binding("", keyspace.revision()))
                .step(KeyChange.of(
                        Frame.of("t", "o"),
                        new KeyChange.Edit(Fence.key("abc"), new Expect.Absent(), new KeyChange.Effect.Delete())))
                .build(PlanId.random(new Random()), NOW);
        refused("where the fences are", () -> guards(WELL, NOW).pass(plan));
    }

    @Test
    void aValueThatThePlanDoesNotCarry() {
        Plan plan = new PlanDraft("test", "t", binding("", keyspace.revision()))
                .step(KeyChange.of(
                        Frame.of("t", "o"), KeyChange.Edit.put(KEY, Optional.empty(), Value.of(Bytes.utf8("lost")))))
                .build(PlanId.random(new Random()), NOW);
        assertThatThrownBy(() -> guards(WELL, NOW).pass(plan)).hasMessageContaining("does not carry value");
    }

    @Test
    void noQuorum() {
        sick("no quorum", new Health("", List.of(), "", false, List.of(), List.of(), WELL.hashes(), false));
    }

    @Test
    void membersThatAnswerForAnotherCluster() {
        sick(
                "answer for cluster f00",
                new Health("f00", List.of(), "", true, List.of(), List.of(), WELL.hashes(), false));
    }

    @Test
    void kine() {
        sick("kine", new Health("", List.of(), "", true, List.of(), List.of(), WELL.hashes(), true));
    }

    @Test
    void alarms() {
        for (String alarm : List.of("NOSPACE", "CORRUPT")) {
            sick(alarm, new Health("", List.of(), "", true, List.of(), List.of(alarm), WELL.hashes(), false));
        }
    }

    @Test
    void whatCuresNoSpaceIsExempt() {
        Health full = new Health("", List.of(), "", true, List.of(), List.of("NOSPACE"), WELL.hashes(), false);
        Plan cure = new PlanDraft("test", "t", binding("", keyspace.revision()))
                .step(delete())
                .curesNoSpace()
                .build(PlanId.random(new Random()), NOW);
        assertThatCode(() -> guards(full, NOW).pass(cure)).doesNotThrowAnyException();
    }

    @Test
    void membersThatDisagreeOrCannotBeCompared() {
        sick("data differs", health(new Health.Hashes.Different("a has 1, b has 2")));
        sick("cannot be compared", health(new Health.Hashes.Unknown("b is silent")));
    }

    @Test
    void aPermitCoversItsKeysOnly() {
        WritePermit permit = new WritePermit("p", java.util.Set.of(KEY));
        assertThatThrownBy(() -> permit.check(new io.etcdmedic.keyspace.Transaction(
                        List.of(), List.of(new Write.Delete(Key.of("/other"))), List.of())))
                .isInstanceOf(Failure.Refused.class);
    }

    private void sick(String why, Health health) {
        refused(why, () -> guards(health, NOW).pass(plan(keyspace.revision())));
    }

    private static void refused(String why, org.assertj.core.api.ThrowableAssert.ThrowingCallable pass) {
        assertThatThrownBy(pass).isInstanceOf(Failure.Refused.class).hasMessageContaining(why);
    }

    private static Health health(Health.Hashes hashes) {
        return new Health("", List.of(), "", true, List.of(), List.of(), hashes, false);
    }

    private Plan plan(Revision floor) {
        return new PlanDraft("test", "t", binding("", floor)).step(delete()).build(PlanId.random(new Random()), NOW);
    }

    private KeyChange delete() {
        Entry seen = keyspace.get(KEY).orElseThrow();
        assertThat(seen.value()).isEqualTo(Bytes.utf8("v"));
        return KeyChange.of(Frame.of("t", "o"), KeyChange.Edit.delete(seen));
    }

    private static Binding binding(String clusterId, Revision floor) {
        return new Binding(clusterId, List.of(), floor, "", Optional.empty());
    }

    private Guards guards(Health health, Instant now) {
        return new Guards(world(keyspace, keyspace, health, now));
    }

    private static World world(
            Memory ground, io.etcdmedic.keyspace.WritableKeyspace keyspace, Health health, Instant now) {
        assertThat(ground.source().clusterId()).isEmpty();
        return new World(
                keyspace,
                Optional.of(new Seen(health)),
                Optional.empty(),
                new FaultLab.NoMachine(),
                new FaultLab.NoFields(),
                Map.of(),
                Clock.fixed(now, ZoneOffset.UTC),
                new Random(),
                World.Pause.REAL,
                Narrator.SILENT,
                Stop.NEVER,
                Faults.NONE);
    }

    /// A cluster that looks like this.
    private record Seen(Health health) implements ClusterAccess {
        @Override
        public void compact(Revision revision, WritePermit permit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void defragment(String memberId, String endpoint, WritePermit permit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void disarm(String memberId, String alarm, WritePermit permit) {
            throw new UnsupportedOperationException();
        }
    }

    /// The same keys a hundred thousand revisions later.
    private static final class FarAhead extends ForwardingKeyspace {
        FarAhead(Memory ground) {
            super(ground);
        }

        @Override
        public Revision revision() {
            return Revision.of(Guards.VALID_REVISIONS + 2);
        }

        @Override
        public Optional<Entry> get(Key key, Optional<Revision> at) {
            return super.get(key, Optional.empty());
        }

        @Override
        public long count(KeyRange range, Optional<Revision> at) {
            return super.count(range, Optional.empty());
        }
    }
}
