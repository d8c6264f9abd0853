package io.etcdmedic.apiserver;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.snapshot.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A real control plane on loopback: etcd over a restored snapshot, kube-apiservers and a controller manager.
///
/// The programs come from the folder that `KUBEBUILDER_ASSETS` names (etcd from `PATH`); without it the test is
/// skipped, and says so. Everything lives in its own folder and dies with `close`, and with this JVM.
public final class KubeProcess implements AutoCloseable {
    /// Of an administrator, as `--token-auth-file` knows it.
    public static final String TOKEN = ApiQuestion.TOKEN;

    private static final String MEMBER = "etcd";

    /// What the kube-apiserver's certificate is good for: the first address of every range that a test repairs to.
    private static final String NAMES =
            "IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc,IP:10.43.0.1,IP:10.0.0.1,"
                    + "IP:172.20.0.1,IP:192.168.77.1,IP:10.96.0.1,IP:fd00:20::1";

    private final Path folder;
    private final Path assets;
    private final int etcdPort = Ports.free();
    private final int peerPort = Ports.free();
    private final int apiPort = Ports.free();
    private final int kcmPort = Ports.free();
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final Thread killer = new Thread(this::killAll);

    private KubeProcess(Path folder, Path assets) {
        this.folder = folder;
        this.assets = assets;
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /// Restores `snapshot` and starts etcd over it; nothing of Kubernetes runs yet.
    public static KubeProcess over(Path snapshot) {
        return start(kube -> kube.restore(snapshot));
    }

    /// Starts an etcd that holds nothing.
    public static KubeProcess empty() {
        return start(kube -> {});
    }

    private static KubeProcess start(Consumer<KubeProcess> restore) {
        String assets = System.getenv("KUBEBUILDER_ASSETS");
        assumeTrue(
                assets != null && Files.isExecutable(Path.of(assets, "kube-apiserver")),
                "SKIPPED: no real kube-apiserver; KUBEBUILDER_ASSETS must name the folder that has one");
        try {
            KubeProcess kube = new KubeProcess(Files.createTempDirectory("medic-kube"), Path.of(assets));
            kube.certificates();
            restore.accept(kube);
            kube.startEtcd();
            return kube;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String endpoint() {
        return "http://127.0.0.1:" + etcdPort;
    }

    public Path kubeconfig() {
        return folder.resolve("admin.kubeconfig");
    }

    /// The address of the kube-apiserver that is asked.
    public String server() {
        return "https://127.0.0.1:" + apiPort;
    }

    /// Asks the kube-apiserver as a client of its own would, for what [KubeApi] does not ask for.
    ///
    /// @return the body; empty for anything but 200
    public Optional<String> ask(String path, String accept) {
        try {
            return new ApiQuestion(folder, apiPort).ask(path, accept);
        } catch (IOException | java.security.GeneralSecurityException e) {
            throw new AssertionError(path, e);
        }
    }

    public KubeApi api() {
        return KubeApi.open(new ApiAccess.Kubeconfig(kubeconfig(), Optional.empty()));
    }

    public long pid(String name) {
        return java.util.Objects.requireNonNull(processes.get(name)).pid();
    }

    /// Starts the kube-apiserver and waits until it is ready.
    public KubeProcess startApiServer(String range, String... more) {
        launchApiServer("apiserver", apiPort, range, more);
        awaitReady();
        return this;
    }

    /// Starts the kube-apiserver and does not wait.
    public void launchApiServer(String range, String... more) {
        launchApiServer("apiserver", apiPort, range, more);
    }

    /// Starts another kube-apiserver on the same etcd, which nobody asks; it waits for nothing.
    public void launchSecondApiServer(String range, String... more) {
        launchApiServer("apiserver-2", Ports.free(), range, more);
    }

    private void launchApiServer(String name, int port, String range, String... more) {
        launch(name, apiServerArgv(port, range, more));
    }

    /// The command line of the kube-apiserver, for whoever starts it another way.
    public List<String> apiServerArgv(String range, String... more) {
        return apiServerArgv(apiPort, range, more);
    }

    private List<String> apiServerArgv(int port, String range, String... more) {
        List<String> argv = new ArrayList<>(List.of(
                assets.resolve("kube-apiserver").toString(),
                "--etcd-servers=" + endpoint(),
                "--etcd-prefix=/registry",
                "--service-cluster-ip-range=" + range,
                "--service-account-issuer=medic",
                "--service-account-key-file=" + file("sa.key"),
                "--service-account-signing-key-file=" + file("sa.key"),
                "--tls-cert-file=" + file("apiserver.pem"),
                "--tls-private-key-file=" + file("apiserver.key"),
                "--client-ca-file=" + file("ca.pem"),
                "--secure-port=" + port,
                "--bind-address=127.0.0.1",
                "--token-auth-file=" + file("tokens.csv"),
                "--authorization-mode=RBAC"));
        argv.addAll(List.of(more));
        if (Stream.of(more).noneMatch(m -> m.startsWith("--advertise-address"))) {
            argv.add("--advertise-address=10.99.0.1");
        }
        return argv;
    }

    public void awaitReady() {
        try (KubeApi api = api()) {
            await("kube-apiserver ready", Duration.ofSeconds(90), api::ready);
        }
    }

    public KubeProcess startControllerManager() {
        launch(
                "kcm",
                List.of(
                        assets.resolve("kube-controller-manager").toString(),
                        "--kubeconfig=" + kubeconfig(),
                        "--service-account-private-key-file=" + file("sa.key"),
                        "--root-ca-file=" + file("ca.pem"),
                        "--leader-elect-lease-duration=15s",
                        "--bind-address=127.0.0.1",
                        "--secure-port=" + kcmPort));
        return this;
    }

    /// Waits until the controller manager has put its finalizer on the default ServiceCIDR.
    public KubeProcess awaitFinalizer() {
        await(
                "finalizer of the controller manager",
                Duration.ofSeconds(90),
                () -> etcdctl("get", "/registry/servicecidrs/kubernetes").contains("service-cidr-finalizer"));
        return this;
    }

    /// The command line of a process that runs.
    public List<String> argv(String name) {
        ProcessHandle.Info info = ProcessHandle.of(pid(name)).orElseThrow().info();
        List<String> argv = new ArrayList<>(List.of(info.command().orElseThrow()));
        argv.addAll(List.of(info.arguments().orElseThrow()));
        return argv;
    }

    public boolean isAlive(String name) {
        return java.util.Objects.requireNonNull(processes.get(name)).isAlive();
    }

    public void stop(String name) {
        Process process = processes.remove(name);
        if (process != null) {
            process.destroy();
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public KubeProcess restartApiServer(String range, String... more) {
        stop("apiserver");
        return startApiServer(range, more);
    }

    /// Runs etcdctl on this etcd and answers its output.
    public String etcdctl(String... arguments) {
        List<String> argv = new ArrayList<>(List.of("etcdctl", "--endpoints=" + endpoint()));
        argv.addAll(List.of(arguments));
        return run(argv, Map.of("ETCDCTL_API", "3"));
    }

    public boolean isAbsent(String key) {
        return etcdctl("get", "--keys-only", key).isBlank();
    }

    public static void await(String what, Duration limit, BooleanSupplier holds) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting: " + what);
            }
        }
    }

    private void restore(Path snapshot) {
        run(
                List.of(
                        "etcdctl",
                        "snapshot",
                        "restore",
                        snapshot.toAbsolutePath().toString(),
                        "--name",
                        MEMBER,
                        "--data-dir",
                        file("data"),
                        "--initial-cluster",
                        MEMBER + "=http://127.0.0.1:" + peerPort,
                        "--initial-advertise-peer-urls",
                        "http://127.0.0.1:" + peerPort),
                Map.of("ETCDCTL_API", "3"));
    }

    private void startEtcd() {
        launch(
                "etcd",
                List.of(
                        "etcd",
                        "--name",
                        MEMBER,
                        "--data-dir",
                        file("data"),
                        "--listen-client-urls",
                        endpoint(),
                        "--advertise-client-urls",
                        endpoint(),
                        "--listen-peer-urls",
                        "http://127.0.0.1:" + peerPort));
        await("etcd answers", Duration.ofSeconds(30), () -> {
            try {
                return etcdctl("endpoint", "health").contains("is healthy");
            } catch (AssertionError notYet) {
                return false;
            }
        });
    }

    private void certificates() throws IOException {
        openssl("ecparam -name prime256v1 -genkey -noout -out ca.key");
        openssl("req -x509 -new -key ca.key -subj /CN=medic-ca -days 30 -out ca.pem");
        openssl("ecparam -name prime256v1 -genkey -noout -out sa.key");
        certificate("apiserver", "/CN=kube-apiserver", NAMES);
        certificate("admin", "/O=system:masters/CN=medic", "");
        Files.writeString(folder.resolve("tokens.csv"), ApiQuestion.TOKEN + ",medic,1,system:masters\n");
        Files.writeString(kubeconfig(), """
                apiVersion: v1
                kind: Config
                clusters: [{name: lab, cluster: {server: "https://127.0.0.1:%d", certificate-authority: %s}}]
                users: [{name: admin, user: {client-certificate: %s, client-key: %s}}]
                contexts: [{name: lab, context: {cluster: lab, user: admin}}]
                current-context: lab
                """.formatted(apiPort, file("ca.pem"), file("admin.pem"), file("admin.key")));
    }

    private void certificate(String name, String subject, String names) throws IOException {
        Files.writeString(
                folder.resolve(name + ".ext"),
                "keyUsage=digitalSignature\nextendedKeyUsage=clientAuth,serverAuth\n"
                        + (names.isEmpty() ? "" : "subjectAltName=" + names + "\n"));
        openssl("ecparam -name prime256v1 -genkey -noout -out " + name + ".key");
        openssl("req -new -key " + name + ".key -subj " + subject + " -out " + name + ".csr");
        openssl("x509 -req -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile " + name
                + ".ext -out " + name + ".pem");
    }

    private void openssl(String arguments) {
        List<String> argv = new ArrayList<>(List.of("openssl"));
        argv.addAll(List.of(arguments.split(" ")));
        run(argv, Map.of());
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void launch(String name, List<String> argv) {
        try {
            processes.put(
                    name,
                    new ProcessBuilder(argv)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                    folder.resolve(name + ".log").toFile()))
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String run(List<String> argv, Map<String, String> environment) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(argv).directory(folder.toFile()).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(argv + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void killAll() {
        processes.values().forEach(Process::destroyForcibly);
    }

    @Override
    public void close() {
        killAll();
        try {
            for (Process process : processes.values()) {
                process.waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(killer);
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path path :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
