package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.document.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A kube-apiserver that is a container of Docker, as RKE1 runs it, restarted at the end of the repair. It needs an
/// engine at Docker's own socket: `scripts/test-engine` starts one where it can.
///
/// Slow (a minute): a kube-apiserver starts twice, and its loops run every 10 s.
@Tag("long")
class RestartInDockerTest {
    private static final Path BROKEN = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private static final String IMAGE = "localhost/etcd-medic-kube-apiserver:test";
    private static final String NAME = "kube-apiserver";
    private static final ApiName RANGE = new ApiName("networking.k8s.io", "v1", "servicecidrs", "", "kubernetes");

    /// An image of the program and the libraries that it is linked to.
    private static final String IMPORT = """
            set -e; tree=$(mktemp -d); trap 'rm -rf "$tree"' EXIT; mkdir -p "$tree/usr/local/bin" "$tree/tmp" "$tree/etc"
            cp "$1" "$tree/usr/local/bin/kube-apiserver"
            ldd "$1" | grep -o '/[^ ]*' | while read -r file; do
              mkdir -p "$tree${file%/*}"; cp -L "$file" "$tree$file"; done
            tar -C "$tree" --owner=0 --group=0 -c . | docker import - "$2"
            """;

    @TempDir
    Path folder = Path.of("");

    @BeforeAll
    static void aDockerEngineIsThere() throws IOException, InterruptedException {
        boolean docker =
                ran("docker", "-H", "unix:///var/run/docker.sock", "version").ended();
        if (!docker) {
            System.err.println("LEFT OUT: RestartInDockerTest needs a Docker engine at /var/run/docker.sock;"
                    + " scripts/check runs it afterwards on an engine of its own where it can start one");
        }
        Assumptions.assumeTrue(docker, "no Docker engine");
    }

    @Test
    void restartsTheContainerTheWayItWasStarted() throws IOException, InterruptedException {
        try (KubeProcess kube = KubeProcess.over(BROKEN);
                KubeApi api = kube.api()) {
            List<String> argv = kube.apiServerArgv("10.43.0.0/16");
            must("sh", "-c", IMPORT, "import", argv.getFirst(), IMAGE);
            String files = kube.kubeconfig().resolveSibling("").toString();
            List<String> run = new ArrayList<>(List.of(
                    "docker", "run", "-d", "--name", NAME, "--network", "host", "-v", files + ":" + files, IMAGE));
            run.add("/usr/local/bin/kube-apiserver");
            run.addAll(argv.subList(1, argv.size()));
            must(run.toArray(String[]::new));
            try {
                kube.awaitReady();
                String started = started();
                Ran fixed = new MedicAtKube(kube, folder.resolve("state"))
                        .medic("fix", "servicecidr", "--restart", "-o", "json");
                assertThat(fixed.status()).as(fixed.text() + fixed.stderr()).isZero();
                assertThat(fixed.stderr())
                        .containsPattern(
                                "restart the kube-apiserver of this machine: \\S*/docker restart [0-9a-f]{64}");
                assertThat(Json.read(fixed.stdout()).texts("thenDo")).noneMatch(task -> task.startsWith("restart"));
                assertThat(started()).isNotEqualTo(started);
                assertThat(Json.read(api.get(RANGE).orElseThrow().json()).texts("spec", "cidrs"))
                        .containsExactly("10.43.0.0/16");
            } finally {
                must("docker", "rm", "-f", NAME);
                must("docker", "image", "rm", IMAGE);
            }
        }
    }

    private static String started() throws IOException, InterruptedException {
        return must("docker", "inspect", "-f", "{{.State.StartedAt}}", NAME);
    }

    private record Said(boolean ended, String text) {}

    private static String must(String... argv) throws IOException, InterruptedException {
        Said said = ran(argv);
        assertThat(said.ended()).as(String.join(" ", argv) + ": " + said.text()).isTrue();
        return said.text();
    }

    private static Said ran(String... argv) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Said(process.waitFor() == 0, text);
        } catch (IOException noSuchProgram) {
            return new Said(false, String.valueOf(noSuchProgram.getMessage()));
        }
    }
}
