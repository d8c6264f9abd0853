package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.runbook.Absences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The mission at the command line: `medic fix servicecidr` on a real control plane over the broken cluster.
///
/// Slow (a minute a test): a control plane has to start, and its loops run every 10 s.
@Tag("long")
class FixOnRealApiServerTest {
    private static final Path BROKEN = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private static final String RANGE_KEY = "/registry/servicecidrs/kubernetes";
    private static final String SERVICE_KEY = "/registry/services/specs/default/kubernetes";
    private static final ApiName KUBERNETES = new ApiName("", "v1", "services", "default", "kubernetes");
    private static final ApiName SLICE =
            new ApiName("discovery.k8s.io", "v1", "endpointslices", "default", "kubernetes");
    private static final ApiName RANGE = new ApiName("networking.k8s.io", "v1", "servicecidrs", "", "kubernetes");

    @TempDir
    Path folder = Path.of("");

    @Test
    void repairsInOneCommandHasNothingToDoTwiceAndBringsTheOldBytesBack() {
        try (KubeProcess kube =
                        KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16").startControllerManager();
                KubeApi api = kube.api();
                KubeApi eyes = kube.api()) {
            kube.awaitFinalizer();
            String range = kube.etcdctl("get", RANGE_KEY, "--print-value-only", "--hex");
            String service = kube.etcdctl("get", SERVICE_KEY, "--print-value-only", "--hex");
            Ran dry = medic(kube, "fix", "servicecidr", "--dry-run");
            assertThat(dry.status()).as(dry.text() + dry.stderr()).isZero();
            Ran fixed;
            try (Absences absences = Absences.watch(eyes, KUBERNETES, SLICE)) {
                fixed = medic(kube, "fix", "servicecidr", "--cidr", "10.43.0.0/16", "-o", "json");
                assertThat(fixed.status()).as(fixed.stderr()).isZero();
                assertThat(Json.read(fixed.stdout()).text("outcome")).contains("APPLIED");
                assertThat(absences.longestMillis(KUBERNETES)).isLessThan(100);
                assertThat(absences.longestMillis(SLICE)).isZero();
            }
            assertRepaired(api);
            Ran again = medic(kube, "fix", "servicecidr", "--cidr", "10.43.0.0/16");
            assertThat(again.status()).as(again.stderr()).isZero();
            assertThat(again.text()).endsWith("Nothing to do.\n");
            Ran undone = medic(kube, "undo", onlyEntry(kube), "-o", "json");
            assertThat(undone.status()).as(undone.stderr()).isEqualTo(7);
            assertThat(Json.read(undone.stdout()).text("outcome"))
                    .as(undone.text())
                    .contains("INCOMPLETE");
            assertThat(Json.read(undone.stdout()).texts("thenDo"))
                    .anyMatch(task -> task.contains("restart every kube-apiserver"));
            long before = Json.read(fixed.stdout()).whole("revision").orElseThrow();
            long after = Json.read(undone.stdout()).whole("revision").orElseThrow();
            assertThat(LongStream.rangeClosed(before + 1, after).mapToObj(revision -> valueAt(kube, revision)))
                    .as("the old bytes, before kube-apiserver writes into their status that they do not fit")
                    .contains(range);
            assertThat(kube.etcdctl("get", SERVICE_KEY, "--print-value-only", "--hex"))
                    .isEqualTo(service);
            endsOnlyWithARestart(kube);
        }
    }

    private static String valueAt(KubeProcess kube, long revision) {
        return kube.etcdctl("get", RANGE_KEY, "--print-value-only", "--hex", "--rev=" + revision);
    }

    /// The undo is whole once every kube-apiserver is another process, and says so whichever way it is asked.
    private void endsOnlyWithARestart(KubeProcess kube) {
        String undo = onlyEntry(kube).lines().findFirst().orElseThrow();
        String fix = onlyEntry(kube).lines().skip(1).findFirst().orElseThrow();
        for (String[] words : List.of(new String[] {"journal", "resume"}, new String[] {"undo", fix})) {
            Ran early = medic(kube, words);
            assertThat(early.status()).as(early.stderr()).isEqualTo(7);
            assertThat(early.text()).contains("not restarted yet: the kube-apiserver on ");
        }
        Ran shown = medic(kube, "journal", "show", undo);
        assertThat(shown.stderr()).contains("not whole yet: not restarted yet").contains("medic journal resume");
        kube.restartApiServer("10.43.0.0/16");
        Ran whole = medic(kube, "journal", "resume", undo, "-o", "json");
        assertThat(whole.status()).as(whole.stderr()).isZero();
        assertThat(Json.read(whole.stdout()).text("outcome")).contains("APPLIED");
        assertThat(Json.read(whole.stdout()).texts("thenDo")).isEmpty();
        Ran again = medic(kube, "undo", fix);
        assertThat(again.status()).isEqualTo(2);
        assertThat(again.stderr()).contains("taken back already");
    }

    /// A command that ends well and restarts nothing is found out; one that restarts it is waited for.
    @Test
    void restartsTheApiServerByTheOperatorsCommandAndLooksWhetherItDid() throws IOException {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeApi api = kube.api()) {
            Path script = folder.resolve("restart");
            Path pid = folder.resolve("pid");
            Files.writeString(script, """
                    #!/bin/sh
                    kill %1$d; while kill -0 %1$d 2>/dev/null; do sleep 0.1; done
                    setsid %2$s >>%3$s 2>&1 & echo $! >%4$s
                    """.formatted(
                            kube.pid("apiserver"),
                            String.join(" ", kube.argv("apiserver")),
                            folder.resolve("apiserver.log"),
                            pid));
            assertThat(script.toFile().setExecutable(true)).isTrue();
            try {
                Ran fixed = medic(
                        kube,
                        "fix",
                        "servicecidr",
                        "--cidr",
                        "10.43.0.0/16",
                        "--restart-command",
                        script.toString(),
                        "-o",
                        "json");
                assertThat(fixed.status()).as(fixed.text() + fixed.stderr()).isZero();
                assertThat(fixed.stderr()).contains("restart the kube-apiserver of this machine: " + script);
                assertThat(Json.read(fixed.stdout()).texts("thenDo")).noneMatch(task -> task.startsWith("restart"));
                assertThat(kube.isAlive("apiserver")).isFalse();
                assertRepaired(api);
            } finally {
                if (Files.exists(pid)) {
                    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                            .ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
    }

    @Test
    void goesOnWhereverItsProcessWasKilled() throws IOException, InterruptedException {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeApi api = kube.api()) {
            Path plan = folder.resolve("plan");
            Ran written = medic(kube, "fix", "servicecidr", "--cidr", "10.43.0.0/16", "--plan", plan.toString());
            assertThat(written.status()).as(written.stderr()).isZero();
            String[] apply = {
                "plan", "apply", plan.toString(), "--approve", written.text().strip()
            };
            int kills = 0;
            int status = -1;
            for (long millis = 1_500; status != 0 && millis < 90_000; millis += millis / 4) {
                boolean begun = !onlyEntry(kube).isEmpty();
                status = killedAfter(kube, millis, begun ? new String[] {"journal", "resume"} : apply);
                kills += status < 0 ? 1 : 0;
            }
            assertThat(status).isZero();
            assertThat(kills).isPositive();
            assertRepaired(api);
            assertThat(medic(kube, "fix", "servicecidr", "--cidr", "10.43.0.0/16")
                            .text())
                    .endsWith("Nothing to do.\n");
            assertThat(kube.etcdctl("get", "--prefix", "/etcd-medic/", "--keys-only"))
                    .isBlank();
        }
    }

    @Test
    void saysToStartAnApiServerAndGoesOnOnceItRuns() {
        try (KubeProcess kube = KubeProcess.over(BROKEN);
                KubeApi api = kube.api()) {
            Ran first =
                    medic(kube, "fix", "servicecidr", "--cidr", "10.43.0.0/16", "--vouch", "10.99.0.1", "-o", "json");
            assertThat(first.status()).as(first.stderr()).isEqualTo(7);
            assertThat(first.stderr()).contains("does not answer or is not ready: the connection is refused");
            assertThat(Json.read(first.stdout()).text("message").orElse("")).contains("start a kube-apiserver");
            assertThat(Json.read(first.stdout()).texts("next")).anyMatch(next -> next.contains("journal resume"));
            kube.startApiServer("10.43.0.0/16");
            Ran second = medic(kube, "journal", "resume", "-o", "json");
            assertThat(second.status()).as(second.stderr()).isZero();
            assertRepaired(api);
        }
    }

    private static void assertRepaired(KubeApi api) {
        assertThat(object(api, RANGE).texts("spec", "cidrs")).containsExactly("10.43.0.0/16");
        assertThat(object(api, KUBERNETES).text("spec", "clusterIP")).contains("10.43.0.1");
    }

    private static Document object(KubeApi api, ApiName name) {
        return Json.read(api.get(name).orElseThrow().json());
    }

    private String onlyEntry(KubeProcess kube) {
        return medic(kube, "journal", "list", "-o", "name").text().strip();
    }

    /// Runs medic as a process of its own and kills it after a while.
    ///
    /// @return its exit code; -1: it was killed
    private int killedAfter(KubeProcess kube, long millis, String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(at(kube).process(words))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("killed.log").toFile())
                .start();
        boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
            return -1;
        }
        return process.exitValue();
    }

    private MedicAtKube at(KubeProcess kube) {
        return new MedicAtKube(kube, folder.resolve("state"));
    }

    private Ran medic(KubeProcess kube, String... words) {
        return at(kube).medic(words);
    }
}
