package io.etcdmedic.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.repair.Faults.Point;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.snapshot.EtcdOfClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The whole program, killed by strace at every durable step and on disks of every size, and a seeded random run.
@Tag("long")
class FaultSweepTest {
    private static final String A = "/registry/configmaps/shop/a";
    private static final String B = "/registry/configmaps/shop/b";
    private static final Bytes VALUE = Bytes.utf8("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\"}\n");

    @TempDir
    Path folder = Path.of("");

    @RegisterExtension
    static final EtcdOfClass ETCD = new EtcdOfClass();

    static List<Arguments> injections() {
        return List.of(
                Arguments.of("fsync", "signal=KILL"),
                Arguments.of("fsync", "error=EIO"),
                Arguments.of("pwrite64", "signal=KILL"),
                Arguments.of("linkat,link,rename,renameat,renameat2", "signal=KILL"),
                Arguments.of("unlink,unlinkat", "signal=KILL"));
    }

    /// Some minutes: the program starts for every call that it makes.
    @ParameterizedTest
    @MethodSource("injections")
    void atEveryDurableStep(String calls, String fault, TestReporter reporter) throws Exception {
        assumeThat(onPath("strace")).as("strace is on PATH").isTrue();
        int fired = 0;
        int again = 0;
        for (int n = 1; ; n++) {
            put(A);
            put(B);
            Path state = folder.resolve("state-" + n);
            Path plan = folder.resolve("plan-" + n);
            String hex = medic(state, List.of(), "delete", A, B, "--plan", plan.toString())
                    .out()
                    .strip();
            Path log = folder.resolve("strace-" + n);
            Revision before = revision();
            Ran hurt = medic(state, strace(log, calls, fault, n), "plan", "apply", plan.toString(), "--approve", hex);
            boolean hit = Files.readString(log).contains("INJECTED") || hurt.status() == 137;
            if (!hit) {
                assertThat(hurt.status()).as(hurt.toString()).isZero();
                break;
            }
            fired++;
            if (hurt.status() == 3) {
                assertThat(present(A) && present(B))
                        .as("exit 3 says that nothing was done")
                        .isTrue();
            }
            again += killedAgain(state, n) ? 1 : 0;
            settle(state, plan, hex);
            assertThat(present(A) || present(B)).as("after resume, fault %d", n).isFalse();
            try (EverythingWatch oracle = new EverythingWatch(List.of(endpoint()), before)) {
                assertThat(oracle.until(revision()).stream()
                                .filter(seen -> !seen.isFence())
                                .map(seen -> seen.key().text()))
                        .containsExactlyInAnyOrder(A, B);
            }
        }
        boolean records = calls.equals("fsync") || calls.equals("pwrite64");
        assertThat(fired).as("faults that came").isGreaterThanOrEqualTo(records ? 12 : 2);
        assertThat(again).as("faults that came again in the resume").isGreaterThanOrEqualTo(1);
        reporter.publishEntry(calls + " " + fault, fired + " faults, " + again + " of them twice");
    }

    /// What the kernel saw: each record of the journal, and each archive and plan, is forced to the disk before
    /// the next record is written, and so before anything is sent on the strength of it.
    @Test
    void everyRecordIsForcedBeforeAnythingElseIsWritten() throws Exception {
        assumeThat(onPath("strace")).as("strace is on PATH").isTrue();
        put(A);
        put(B);
        Path state = folder.resolve("state");
        Path plan = folder.resolve("plan");
        String hex = medic(state, List.of(), "delete", A, B, "--plan", plan.toString())
                .out()
                .strip();
        Path log = folder.resolve("strace");
        List<String> strace = List.of(
                "strace",
                "-f",
                "-qq",
                "-y",
                "-o",
                log.toString(),
                "-e",
                "trace=pwrite64,write,fsync,link,linkat,rename");
        assertThat(medic(state, strace, "plan", "apply", plan.toString(), "--approve", hex)
                        .status())
                .isZero();
        List<String> ours = Files.readAllLines(log).stream()
                .filter(line -> line.contains(state.toString()))
                .filter(line -> !line.contains("resumed>"))
                .toList();
        int records = 0;
        for (int i = 0; i < ours.size(); i++) {
            boolean written = ours.get(i).contains("write");
            boolean last = i + 1 == ours.size() || !ours.get(i + 1).contains("write");
            if (written && last) {
                assertThat(i + 1 < ours.size() ? ours.get(i + 1) : "nothing").contains("fsync(");
                records++;
            }
            if (written && ours.get(i).contains("journal.jsonl")) {
                assertThat(last)
                        .as("another record before the first is forced: %s", ours)
                        .isTrue();
            }
        }
        assertThat(records).as("what was written and forced").isGreaterThanOrEqualTo(14);
    }

    private static List<String> strace(Path log, String calls, String fault, int n) {
        return List.of(
                "strace",
                "-f",
                "-qq",
                "-o",
                log.toString(),
                "-e",
                "trace=" + calls,
                "-e",
                "inject=" + calls + ":" + fault + ":when=" + n);
    }

    /// The resume dies, too: at one of its first fsyncs, another one for each `n`.
    private boolean killedAgain(Path state, int n) throws Exception {
        Path log = folder.resolve("again-" + n);
        Ran hurt = medic(state, strace(log, "fsync", "signal=KILL", 1 + n % 5), "journal", "resume");
        return hurt.status() == 137 || Files.readString(log).contains("INJECTED");
    }

    /// What an operator does: resume, and where nothing had begun, the plan again.
    private void settle(Path state, Path plan, String hex) throws Exception {
        Ran resumed = medic(state, List.of(), "journal", "resume");
        if (resumed.status() == 1) {
            Ran again = medic(state, List.of(), "plan", "apply", plan.toString(), "--approve", hex);
            assertThat(again.status()).as(again.toString()).isZero();
            return;
        }
        assertThat(resumed.status()).as(resumed.toString()).isZero();
    }

    /// A state folder on a disk of every size, from nothing to enough: refused before, or settled after.
    @Test
    void onADiskOfEverySize() throws Exception {
        assumeThat(Files.isWritable(Path.of("/proc/sys/kernel/hostname")) && onPath("unshare"))
                .as("root, who can mount")
                .isTrue();
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (int kib = 4; kib <= 64; kib += 4) {
            put(A);
            put(B);
            Path plan = folder.resolve("plan-" + kib);
            String hex = medic(folder.resolve("elsewhere"), List.of(), "delete", A, B, "--plan", plan.toString())
                    .out()
                    .strip();
            Path disk = Files.createDirectory(folder.resolve("disk-" + kib));
            Path script = Files.writeString(folder.resolve("script-" + kib), """
                    mount -t tmpfs -o size=%dk,mode=0700 tmpfs %s || exit 99
                    %s plan apply %s --approve %s --state-dir %s/state; echo "status $?"
                    mount -o remount,size=16m %s
                    %s journal resume --state-dir %s/state || %s plan apply %s --approve %s --state-dir %s/state
                    """.formatted(
                            kib, disk, program(), plan, hex, disk, disk, program(), disk, program(), plan, hex, disk));
            Ran ran = run(List.of("unshare", "-m", "sh", script.toString()));
            String status = ran.out()
                    .lines()
                    .filter(l -> l.startsWith("status "))
                    .findFirst()
                    .orElseThrow();
            statuses.merge(Integer.parseInt(status.substring(7)), 1, Integer::sum);
            assertThat(present(A) || present(B)).as("%d KiB: %s", kib, ran).isFalse();
        }
        assertThat(statuses).as("statuses and how often").containsKeys(0, 3);
    }

    /// `-Dmedic.seed=N -Dmedic.rounds=N`: kills, kills again, writers in between; the outcome is always what
    /// happened.
    @Test
    void seededRandomRuns() throws Exception {
        long seed = Long.getLong("medic.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<Result, Integer> results = new TreeMap<>();
        for (int round = 0; round < Integer.getInteger("medic.rounds", 150); round++) {
            put(A);
            put(B);
            try (FaultLab lab = new FaultLab(Connections.plain(endpoint()), folder.resolve("round-" + round));
                    EverythingWatch oracle = new EverythingWatch(List.of(endpoint()), lab.revision())) {
                Plan plan = random.nextBoolean() ? lab.deletion(A, B) : lab.putting(A, "{\"n\":" + round + "}");
                boolean writes = random.nextInt(4) == 0;
                Point writing = point(random);
                Outcome outcome = untilNobodyKills(lab, plan, random, writes ? writing : Point.ENDED);
                results.merge(outcome.result(), 1, Integer::sum);
                assertThat(oracle.until(lab.revision()).stream()
                                .filter(seen ->
                                        seen.value().isEmpty() && seen.key().equals(Key.of(A)))
                                .count())
                        .as("seed %d round %d: deletions", seed, round)
                        .isLessThanOrEqualTo(1);
                truth(lab, plan, outcome, seed, round);
            }
        }
        assertThat(results).as("seed %d", seed).containsKeys(Result.APPLIED, Result.STALE);
    }

    private static Outcome untilNobodyKills(FaultLab lab, Plan plan, Random random, Point writing) {
        boolean[] written = new boolean[1];
        written[0] = writing == Point.ENDED;
        for (int life = 0; ; life++) {
            Point killing = life < 3 ? point(random) : Point.RESUME_CANCELLED;
            int mayKill = life;
            Faults faults = at -> {
                if (at == writing && !written[0]) {
                    written[0] = true;
                    put(B);
                    put(A);
                }
                if (mayKill < 3 && at == killing) {
                    throw new FaultLab.Killed(at);
                }
            };
            try {
                boolean begun = !lab.state().entries().isEmpty();
                return begun ? lab.resume(plan, faults) : lab.apply(plan, faults);
            } catch (FaultLab.Killed again) {
                // The next life goes on.
            }
        }
    }

    private static void truth(FaultLab lab, Plan plan, Outcome outcome, long seed, int round) {
        Optional<Entry> now = lab.get(A);
        boolean deletes = plan.runbook().equals("delete");
        switch (outcome.result()) {
            case STALE, NOT_APPLIED ->
                assertThat(now.map(Entry::value))
                        .as("seed %d round %d", seed, round)
                        .contains(VALUE);
            case APPLIED, ALREADY_APPLIED, PARTLY, NOT_VERIFIED ->
                assertThat(lab.state().entries().getLast().wasApplied(0))
                        .as("seed %d round %d: %s, deletes %s", seed, round, outcome, deletes)
                        .isTrue();
            case DRY_RUN, NOTHING_TO_DO, REFUSED, INCOMPLETE, UNSETTLED, MANUAL ->
                throw new AssertionError("seed " + seed + " round " + round + ": " + outcome);
        }
    }

    private static Point point(Random random) {
        return Point.values()[random.nextInt(Point.values().length)];
    }

    private record Ran(int status, String out, String err) {}

    private static String program() {
        return System.getProperty("java.home") + "/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "
                + System.getProperty("java.class.path") + " io.etcdmedic.Main";
    }

    private Ran medic(Path state, List<String> before, String... words) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(program().split(" ")));
        command.addAll(List.of(words));
        // Nothing here asks how quick the machine is.
        command.addAll(List.of("--state-dir", state.toString(), "--command-timeout", "60s", "--dial-timeout", "60s"));
        return run(command);
    }

    private Ran run(List<String> command) throws Exception {
        Path err = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().put("ETCDCTL_ENDPOINTS", endpoint());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        return new Ran(status, out, Files.readString(err));
    }

    private static boolean onPath(String program) {
        return java.util.Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static void put(String key) {
        try {
            ETCD.server().commit(List.of(new Write.Put(Key.of(key), VALUE, LeaseId.NONE)));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean present(String key) throws Exception {
        return !ETCD.server().etcdctl(List.of("get", key)).isEmpty();
    }

    private static Revision revision() throws Exception {
        return Revision.of(ETCD.server().revision());
    }

    private static String endpoint() {
        return ETCD.server().endpoint();
    }
}
