package io.etcdmedic.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.etcd.Connection;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.etcd.RealCluster;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.repair.Faults.Point;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.snapshot.EtcdOfClass;
import io.etcdmedic.snapshot.RealEtcd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A row for each fault that one machine can make, on a real etcd; a watch over everything is the oracle: the outcome
/// that is reported is what happened, nothing but the plan's keys and fences changed, and each step happened at most
/// once. Each row asserts that its fault came. Half a minute, most of it waiting for frozen servers.
class FaultMatrixTest {
    private static final String A = "/registry/configmaps/shop/a";
    private static final String B = "/registry/configmaps/shop/b";
    private static final Bytes VALUE = Bytes.utf8("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\"}\n");
    private static final Bytes OTHER = Bytes.utf8("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"data\":{}}\n");

    @TempDir
    Path folder = Path.of("");

    @RegisterExtension
    static final EtcdOfClass ETCD = new EtcdOfClass();

    // Killed: by hooks here, by strace in the long tests.

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"RESUME_CANCELLED", "FENCE_CLEARED"},
            mode = EnumSource.Mode.EXCLUDE)
    void killedAtAPointAndResumed(Point point) throws Exception {
        rows(A, B);
        try (FaultLab lab = lab();
                EverythingWatch oracle = oracle(lab)) {
            Plan plan = lab.deletion(A, B);
            assertThatThrownBy(() -> lab.apply(plan, FaultLab.killingAt(point))).isInstanceOf(FaultLab.Killed.class);
            Outcome outcome = lab.resume(plan, Faults.NONE);
            assertThat(outcome.result()).isIn(Result.APPLIED, Result.ALREADY_APPLIED);
            deletedOnce(lab, oracle, A, B);
        }
    }

    /// Killed, and killed again while it is resumed, wherever that is: F6 is what broke an earlier form of the fence.
    @Test
    void killedAgainWhileResuming() throws Exception {
        Set<Point> fired = EnumSet.noneOf(Point.class);
        int kills = 0;
        for (Point first : EnumSet.range(Point.INTENT_WRITTEN, Point.FENCE_CLEARED)) {
            for (Point second : Point.values()) {
                rows(A);
                try (FaultLab lab = new FaultLab(plain(), folder.resolve(first + "-" + second));
                        EverythingWatch oracle = oracle(lab)) {
                    Plan plan = lab.deletion(A);
                    if (!killed(() -> lab.apply(plan, FaultLab.killingAt(first)))) {
                        continue;
                    }
                    if (killed(() -> lab.resume(plan, FaultLab.killingAt(second)))) {
                        fired.add(second);
                        kills++;
                    }
                    assertThat(lab.resume(plan, Faults.NONE).result()).isIn(Result.APPLIED, Result.ALREADY_APPLIED);
                    deletedOnce(lab, oracle, A);
                }
            }
        }
        assertThat(fired).contains(Point.RESUME_CANCELLED, Point.SETTLEMENT_WRITTEN, Point.SENT, Point.FENCE_CLEARED);
        assertThat(kills).isGreaterThan(30);
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"RESUME_CANCELLED", "FENCE_CLEARED"},
            mode = EnumSource.Mode.EXCLUDE)
    void stoppedByASignalAtAPoint(Point point) throws Exception {
        rows(A, B);
        try (FaultLab lab = lab();
                EverythingWatch oracle = oracle(lab)) {
            Plan plan = lab.deletion(A, B);
            boolean[] asked = new boolean[1];
            lab.stop = () -> asked[0] ? Optional.of(ExitCode.INTERRUPTED) : Optional.empty();
            try {
                lab.apply(plan, FaultLab.doing(point, () -> asked[0] = true));
            } catch (Failure.Interrupted stopped) {
                assertThat(stopped.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
            }
            assertThat(asked[0]).isTrue();
            lab.stop = Stop.NEVER;
            lab.resume(plan, Faults.NONE);
            deletedOnce(lab, oracle, A, B);
        }
    }

    /// Two steps need 13 records. Whatever fits, what is said is so, and it goes on when there is room.
    @Test
    void theDiskRunsFullAtEachRecord() throws Exception {
        Set<ExitCode> said = EnumSet.noneOf(ExitCode.class);
        for (int room = 0; room < 13; room++) {
            rows(A, B);
            try (FaultLab lab = new FaultLab(plain(), folder.resolve("room-" + room));
                    EverythingWatch oracle = oracle(lab)) {
                Plan plan = lab.deletion(A, B);
                int records = room;
                try {
                    Outcome outcome = lab.applyWithRoomFor(records, plan);
                    assertThat(outcome.result()).isEqualTo(Result.APPLIED);
                    said.add(ExitCode.OK);
                } catch (Failure full) {
                    said.add(full.exitCode());
                    boolean nothingDone = lab.get(A).isPresent() && lab.get(B).isPresent();
                    assertThat(full.exitCode() == ExitCode.UNREACHABLE)
                            .as("%d records: said %s", room, full.exitCode())
                            .isEqualTo(nothingDone);
                    boolean begun = !lab.state().entries().isEmpty();
                    assertThat((begun ? lab.resume(plan, Faults.NONE) : lab.apply(plan, Faults.NONE)).result())
                            .isIn(Result.APPLIED, Result.ALREADY_APPLIED);
                }
                deletedOnce(lab, oracle, A, B);
            }
        }
        assertThat(said).contains(ExitCode.UNREACHABLE, ExitCode.UNSETTLED, ExitCode.NOT_VERIFIED);
    }

    // The network and the server.

    @Test
    void theAnswerIsLostAfterTheCommit() throws Exception {
        rows(A);
        try (TroubledProxy proxy = new TroubledProxy(endpoint());
                FaultLab lab = lab(patient(proxy.endpoint(), Duration.ofSeconds(2)));
                EverythingWatch oracle = oracle(lab)) {
            Plan plan = lab.deletion(A);
            Outcome outcome = lab.apply(
                    plan, FaultLab.doing(Point.FENCE_WRITTEN, () -> proxy.mode(TroubledProxy.Mode.LOSE_ANSWERS)));
            assertThat(proxy.lost.get()).as("answers lost").isPositive();
            assertThat(proxy.requestBytesWhileTroubled.get()).isPositive();
            Outcome last = outcome.result() == Result.UNSETTLED ? lab.resume(plan, Faults.NONE) : outcome;
            assertThat(last.result()).isEqualTo(Result.APPLIED);
            deletedOnce(lab, oracle, A);
            assertThat(last.revision())
                    .isEqualTo(deletions(lab, oracle, A).getFirst().revision().number());
        }
    }

    @Test
    void theServerFreezesWhileTheTransactionIsOnItsWay() throws Exception {
        rows(A, B);
        try (FaultLab lab = lab(patient(endpoint(), Duration.ofMillis(700)));
                EverythingWatch oracle = oracle(lab)) {
            Plan plan = lab.deletion(A);
            Plan another = lab.deletion(B);
            Outcome outcome;
            try {
                outcome = lab.apply(plan, FaultLab.doing(Point.FENCE_WRITTEN, () -> signal("STOP")));
            } finally {
                signal("CONT");
            }
            assertThat(outcome.result()).isEqualTo(Result.UNSETTLED);
            assertThat(outcome.result().exitCode()).isEqualTo(ExitCode.UNSETTLED);
            assertThatThrownBy(() -> lab.apply(another, Faults.NONE))
                    .as("nothing new begins while one is unsettled")
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("unsettled");
            assertThat(lab.resumed(plan).result()).isEqualTo(Result.APPLIED);
            deletedOnce(lab, oracle, A);
        }
    }

    @Test
    void nobodyAnswersFromTheFenceOn() throws Exception {
        rows(A);
        try (TroubledProxy proxy = new TroubledProxy(endpoint());
                FaultLab lab = lab(patient(proxy.endpoint(), Duration.ofMillis(700)));
                EverythingWatch oracle = oracle(lab)) {
            Plan plan = lab.deletion(A);
            assertThatThrownBy(() -> lab.apply(
                            plan,
                            FaultLab.doing(Point.INTENT_WRITTEN, () -> proxy.mode(TroubledProxy.Mode.BLACK_HOLE))))
                    .as("without F in the journal nothing was sent")
                    .isInstanceOf(Failure.Unreachable.class);
            assertThat(proxy.lost.get()).isPositive();
            proxy.mode(TroubledProxy.Mode.PASS);
            assertThat(lab.resumed(plan).result()).isEqualTo(Result.APPLIED);
            deletedOnce(lab, oracle, A);
        }
    }

    /// Three members, of which the leader dies while the transaction is on its way: an election takes a second.
    @Test
    void theLeaderDiesInTheMiddle() throws Exception {
        try (RealCluster three = RealCluster.start(RealEtcd.binaries().getFirst(), folder.resolve("three"), 3)) {
            three.etcdctl("put", A, VALUE.toUtf8());
            try (FaultLab lab = lab(Connections.patience(three.connection(), Duration.ofSeconds(2)))) {
                Plan plan = lab.deletion(A);
                long version = lab.get(A).orElseThrow().modRevision().number();
                int leader = leader(lab, three);
                boolean[] fired = new boolean[1];
                Outcome outcome = lab.apply(
                        plan,
                        FaultLab.doing(
                                Point.FENCE_WRITTEN,
                                () -> run(() -> {
                                    three.signal(leader, "KILL");
                                    fired[0] = true;
                                })));
                assertThat(fired[0]).isTrue();
                for (int i = 0; i < 10 && outcome.result() == Result.UNSETTLED; i++) {
                    outcome = lab.resume(plan, Faults.NONE);
                }
                assertThat(outcome.result()).isIn(Result.APPLIED, Result.NOT_APPLIED);
                assertThat(lab.get(A).isEmpty())
                        .as("said and so, from revision %d on", version)
                        .isEqualTo(outcome.result() == Result.APPLIED);
                assertThatThrownBy(() -> lab.apply(lab.putting(B, "{}"), Faults.NONE))
                        .as("nothing new begins while a member is silent: its data cannot be compared")
                        .isInstanceOf(Failure.Refused.class);
            }
        }
    }

    private static int leader(FaultLab lab, RealCluster three) throws Exception {
        String status = three.etcdctl("endpoint", "status", "--cluster", "-w", "simple");
        List<String> leaders =
                status.lines().filter(line -> line.contains(", true, false,")).toList();
        assertThat(leaders).as(status).hasSize(1);
        for (int i = 0; i < 3; i++) {
            if (leaders.getFirst().startsWith(three.endpoint(i) + ",")) {
                return i;
            }
        }
        throw new AssertionError(status + lab);
    }

    /// The transaction of a run that is believed dead arrives after its step was settled: it finds the fence cancelled.
    @Test
    void aTransactionThatIsLateFindsTheFenceGone() throws Exception {
        rows(A);
        try (FaultLab lab = lab()) {
            Plan plan = lab.deletion(A);
            Outcome late = lab.apply(plan, FaultLab.doing(Point.FENCE_WRITTEN, () -> {
                Key fence = lastFence(lab);
                put(fence.text(), Bytes.utf8("cancelled"), LeaseId.NONE);
            }));
            assertThat(late.result()).isEqualTo(Result.NOT_APPLIED);
            assertThat(lab.get(A)).isPresent();
        }
    }

    private static Key lastFence(FaultLab lab) {
        List<Entry> fences = new ArrayList<>();
        try (var entries = lab.cluster
                .keyspace()
                .scan(
                        io.etcdmedic.keyspace.KeyRange.prefix(Key.of(Fence.PREFIX)),
                        io.etcdmedic.keyspace.Scan.values())) {
            entries.forEachRemaining(fences::add);
        }
        return fences.stream()
                .max(java.util.Comparator.comparing(Entry::modRevision))
                .orElseThrow()
                .key();
    }

    @Test
    void aStopBeforeTheTransactionSendsNothing() throws Exception {
        rows(A);
        try (FaultLab lab = lab()) {
            Plan plan = lab.deletion(A);
            boolean[] asked = new boolean[1];
            lab.stop = () -> asked[0] ? Optional.of(ExitCode.TERMINATED) : Optional.empty();
            assertThatThrownBy(() -> lab.apply(plan, FaultLab.doing(Point.FENCE_WRITTEN, () -> asked[0] = true)))
                    .isInstanceOf(Failure.Interrupted.class);
            assertThat(lab.get(A)).isPresent();
        }
    }

    /// The lock of the state folder is a courtesy: it says who is at work before anything is sent.
    @Test
    void twoOperatorsOfOneMachineDoNotMeet() throws Exception {
        rows(A, B);
        try (FaultLab one = lab();
                FaultLab two = lab()) {
            Plan first = one.deletion(A);
            Plan second = two.deletion(B);
            boolean[] refused = new boolean[1];
            Outcome outcome = one.apply(first, FaultLab.doing(Point.FENCE_WRITTEN, () -> {
                assertThatThrownBy(() -> two.apply(second, Faults.NONE))
                        .isInstanceOf(Failure.Refused.class)
                        .hasMessageContaining("another medic");
                refused[0] = true;
            }));
            assertThat(refused[0]).isTrue();
            assertThat(outcome.result()).isEqualTo(Result.APPLIED);
            assertThat(two.get(B)).isPresent();
        }
    }

    // Others who write.

    @Test
    void somebodyWritesBetweenPlanAndApply() throws Exception {
        rows(A);
        try (FaultLab lab = lab()) {
            Plan plan = lab.deletion(A);
            put(A, OTHER, LeaseId.NONE);
            stale(lab, plan, Faults.NONE, OTHER);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"BEGUN", "ARCHIVED", "INTENT_WRITTEN", "FENCE_PUT", "FENCE_WRITTEN"})
    void somebodyWritesWhileItRuns(Point point) throws Exception {
        rows(A);
        try (FaultLab lab = lab()) {
            boolean[] fired = new boolean[1];
            stale(
                    lab,
                    lab.deletion(A),
                    FaultLab.doing(point, () -> {
                        fired[0] = true;
                        put(A, OTHER, LeaseId.NONE);
                    }),
                    OTHER);
            assertThat(fired[0]).isTrue();
        }
    }

    /// Deleted and made anew with the same bytes: another object.
    @Test
    void theSameValueMadeAnewIsAnotherObject() throws Exception {
        rows(A);
        try (FaultLab lab = lab()) {
            Plan plan = lab.deletion(A);
            commit(new Write.Delete(Key.of(A)));
            put(A, VALUE, LeaseId.NONE);
            stale(lab, plan, Faults.NONE, VALUE);
        }
    }

    @Test
    void undoNeverOverwritesWhatIsNewer() throws Exception {
        rows(A);
        try (FaultLab lab = lab()) {
            Plan plan = lab.putting(A, "{\"n\":1}");
            assertThat(lab.apply(plan, Faults.NONE).result()).isEqualTo(Result.APPLIED);
            Plan undo = lab.undo(plan);
            put(A, OTHER, LeaseId.NONE);
            stale(lab, undo, Faults.NONE, OTHER);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"RESUME_CANCELLED", "FENCE_CLEARED"},
            mode = EnumSource.Mode.EXCLUDE)
    void anUndoThatIsKilledBringsTheValueBackAllTheSame(Point point) throws Exception {
        rows(A);
        try (FaultLab lab = lab()) {
            Plan plan = lab.deletion(A);
            lab.apply(plan, Faults.NONE);
            Plan undo = lab.undo(plan);
            assertThatThrownBy(() -> lab.apply(undo, FaultLab.killingAt(point))).isInstanceOf(FaultLab.Killed.class);
            lab.resume(undo, Faults.NONE);
            assertThat(lab.get(A).map(Entry::value)).contains(VALUE);
        }
    }

    @Test
    void ofTwoOperatorsOneWins() throws Exception {
        int rounds = 25;
        try (FaultLab one = new FaultLab(plain(), folder.resolve("one"));
                FaultLab two = new FaultLab(plain(), folder.resolve("two"));
                ExecutorService both = Executors.newFixedThreadPool(2)) {
            int stale = 0;
            for (int i = 0; i < rounds; i++) {
                rows(A);
                Plan first = one.deletion(A);
                Plan second = two.deletion(A);
                Future<Outcome> a = both.submit(() -> one.apply(first, Faults.NONE));
                Future<Outcome> b = both.submit(() -> two.apply(second, Faults.NONE));
                List<Result> results = List.of(a.get().result(), b.get().result());
                assertThat(results).containsExactlyInAnyOrder(Result.APPLIED, Result.STALE);
                stale++;
            }
            assertThat(stale).isEqualTo(rounds);
        }
    }

    // etcd's own doings.

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"BEGUN", "ARCHIVED", "FENCE_WRITTEN", "STEP_DONE"})
    void aCompactionInTheMiddleChangesNothing(Point point) throws Exception {
        rows(A);
        try (FaultLab lab = lab();
                EverythingWatch oracle = oracle(lab)) {
            Plan plan = lab.deletion(A);
            long[] compacted = new long[1];
            Outcome outcome = lab.apply(plan, FaultLab.doing(point, () -> {
                compacted[0] = lab.revision().number();
                run(() -> ETCD.server().etcdctl(List.of("compact", "" + compacted[0])));
            }));
            assertThat(lab.cluster.keyspace().oldest().number()).isGreaterThanOrEqualTo(compacted[0]);
            assertThat(outcome.result()).isEqualTo(Result.APPLIED);
            deletedOnce(lab, oracle, A);
        }
    }

    @Test
    void aLeaseThatEndedMeanwhileMakesThePlanStale() throws Exception {
        LeaseId lease = new LeaseId(4711);
        ETCD.server().grant(lease, 60);
        put(A, VALUE, lease);
        try (FaultLab lab = lab()) {
            Plan plan = lab.putting(A, "{\"n\":2}");
            ETCD.server().etcdctl(List.of("lease", "revoke", lease.hex()));
            assertThat(lab.get(A)).isEmpty();
            assertThat(lab.apply(plan, Faults.NONE).result()).isEqualTo(Result.STALE);
            assertThat(lab.get(A)).isEmpty();
        }
    }

    /// A lease that runs out by itself. It may be over before the plan is made where a machine is slow: then a longer
    /// one.
    @Test
    void aLeaseThatRunsOutMeanwhileMakesThePlanStale() throws Exception {
        try (FaultLab lab = lab()) {
            for (int seconds = 2; ; seconds *= 2) {
                LeaseId lease = new LeaseId(5000 + seconds);
                ETCD.server().grant(lease, seconds);
                put(A, VALUE, lease);
                Plan plan = lab.putting(A, "{\"n\":2}");
                if (plan.steps().toString().contains("Absent")) {
                    assertThat(seconds).isLessThan(100);
                    continue;
                }
                while (lab.get(A).isPresent()) {
                    Thread.sleep(100);
                }
                assertThat(lab.apply(plan, Faults.NONE).result()).isEqualTo(Result.STALE);
                assertThat(lab.get(A)).isEmpty();
                return;
            }
        }
    }

    /// The value of a key with a lease is replaced, and the lease stays.
    @Test
    void aLeaseThatIsThereStays() throws Exception {
        LeaseId lease = new LeaseId(4712);
        ETCD.server().grant(lease, 60);
        put(A, VALUE, lease);
        try (FaultLab lab = lab()) {
            Plan plan = lab.putting(A, "{\"n\":2}");
            assertThat(lab.apply(plan, Faults.NONE).result()).isEqualTo(Result.APPLIED);
            assertThat(lab.get(A).map(Entry::lease)).contains(lease);
            Plan undo = lab.undo(plan);
            assertThat(lab.apply(undo, Faults.NONE).result()).isEqualTo(Result.APPLIED);
            assertThat(lab.get(A).map(Entry::lease)).contains(lease);
            assertThat(lab.get(A).map(Entry::value)).contains(VALUE);
        }
    }

    /// What is needed of a lease that is gone: the step is refused by etcd, and that is settled to "not applied".
    @Test
    void anUndoUnderALeaseThatIsGoneAppliesNothing() throws Exception {
        LeaseId lease = new LeaseId(4713);
        ETCD.server().grant(lease, 60);
        put(A, VALUE, lease);
        try (FaultLab lab = lab()) {
            Plan plan = lab.deletion(A);
            assertThat(lab.apply(plan, Faults.NONE).result()).isEqualTo(Result.APPLIED);
            ETCD.server().etcdctl(List.of("lease", "revoke", lease.hex()));
            Outcome undone = lab.apply(lab.undo(plan), Faults.NONE);
            assertThat(undone.result()).isEqualTo(Result.NOT_APPLIED);
            assertThat(lab.get(A)).isEmpty();
        }
    }

    /// A cluster that runs full: two more etcds, because the alarm must not meet the other tests.
    @Test
    void withoutSpaceNothingBeginsAndWhatBeganIsTold() throws Exception {
        try (RealEtcd small = RealEtcd.start(
                        RealEtcd.binaries().getFirst(),
                        folder.resolve("small"),
                        List.of("--quota-backend-bytes=1048576"));
                FaultLab lab = new FaultLab(Connections.plain(small.endpoint()), folder.resolve("space"))) {
            small.commit(List.of(new Write.Put(Key.of(A), VALUE, LeaseId.NONE)));
            small.commit(List.of(new Write.Put(Key.of(B), VALUE, LeaseId.NONE)));
            Plan begun = lab.deletion(A);
            assertThatThrownBy(() ->
                            lab.apply(begun, FaultLab.doing(Point.INTENT_WRITTEN, () -> run(() -> fill(small)))))
                    .as("the fence finds no space: nothing was sent")
                    .isInstanceOf(Failure.Unreachable.class);
            assertThat(small.etcdctl(List.of("alarm", "list"))).contains("NOSPACE");
            assertThat(lab.get(A)).isPresent();
            assertThatThrownBy(() -> lab.apply(lab.deletion(B), Faults.NONE))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("NOSPACE");
            assertThat(lab.get(B)).isPresent();
        }
    }

    private static void fill(RealEtcd small) throws IOException, InterruptedException {
        for (int i = 0; i < 30; i++) {
            try {
                small.commit(
                        List.of(new Write.Put(Key.of("/filler/" + i), Bytes.owned(new byte[100_000]), LeaseId.NONE)));
            } catch (IOException full) {
                return;
            }
        }
        throw new IOException("it did not run full");
    }

    @Test
    void aClusterThatWentBackInTimeIsRefused() throws Exception {
        rows(A);
        try (FaultLab lab = lab()) {
            io.etcdmedic.repair.plan.Binding now = lab.binding();
            Plan later = lab.deletion(
                    new io.etcdmedic.repair.plan.Binding(
                            now.clusterId(),
                            now.memberIds(),
                            Revision.of(now.floor().number() + 1000),
                            now.etcdVersion(),
                            now.kubeSystemUid()),
                    A);
            assertThatThrownBy(() -> lab.apply(later, Faults.NONE)).isInstanceOf(Failure.Stale.class);
            assertThat(lab.get(A)).isPresent();
        }
    }

    // What all rows ask.

    private void stale(FaultLab lab, Plan plan, Faults faults, Bytes left) {
        long before = fences(lab);
        assertThat(lab.apply(plan, faults).result()).isEqualTo(Result.STALE);
        assertThat(lab.get(A).map(Entry::value)).contains(left);
        assertThat(fences(lab)).as("fences left behind").isEqualTo(before);
    }

    /// A run that is killed between putting its fence and writing that down leaves a fence that decides nothing.
    private static long fences(FaultLab lab) {
        return lab.cluster
                .keyspace()
                .count(io.etcdmedic.keyspace.KeyRange.prefix(Key.of(Fence.PREFIX)), Optional.empty());
    }

    /// Each key was deleted exactly once, nothing but these and fences changed, and no fence is left.
    private static void deletedOnce(FaultLab lab, EverythingWatch oracle, String... keys) throws InterruptedException {
        List<EverythingWatch.Seen> all = oracle.until(lab.revision());
        assertThat(all.stream().filter(seen -> !seen.isFence()))
                .extracting(EverythingWatch.Seen::key)
                .containsExactlyInAnyOrder(Stream.of(keys).map(Key::of).toArray(Key[]::new));
        assertThat(all.stream().filter(seen -> !seen.isFence()).map(EverythingWatch.Seen::value))
                .allMatch(Optional::isEmpty);
        for (String key : keys) {
            assertThat(lab.get(key)).isEmpty();
        }
        assertThat(Fences.in(lab.cluster.keyspace(), lab.state().entries()))
                .as("fences of this journal that are left")
                .allMatch(left -> left.use() == Fences.Use.ELSEWHERE);
    }

    private static List<EverythingWatch.Seen> deletions(FaultLab lab, EverythingWatch oracle, String key)
            throws InterruptedException {
        return oracle.until(lab.revision()).stream()
                .filter(seen -> seen.key().equals(Key.of(key)))
                .toList();
    }

    private static boolean killed(Runnable run) {
        try {
            run.run();
            return false;
        } catch (FaultLab.Killed _) {
            return true;
        }
    }

    private FaultLab lab() {
        return lab(plain());
    }

    private FaultLab lab(Connection connection) {
        return new FaultLab(connection, folder.resolve("state"));
    }

    private static Connection plain() {
        return Connections.plain(endpoint());
    }

    private static Connection patient(String endpoint, Duration commandMax) {
        return Connections.patience(Connections.plain(endpoint), commandMax);
    }

    private static String endpoint() {
        return ETCD.server().endpoint();
    }

    private static EverythingWatch oracle(FaultLab lab) {
        return new EverythingWatch(List.of(endpoint()), lab.revision());
    }

    private static void rows(String... keys) {
        for (String key : keys) {
            put(key, VALUE, LeaseId.NONE);
        }
    }

    private static void put(String key, Bytes value, LeaseId lease) {
        commit(new Write.Put(Key.of(key), value, lease));
    }

    private static void commit(Write write) {
        run(() -> ETCD.server().commit(List.of(write)));
    }

    private static void signal(String name) {
        run(() -> ETCD.server().signal(name));
    }

    private interface Doing {
        void run() throws Exception;
    }

    private static void run(Doing doing) {
        try {
            doing.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
