package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.command.Ran;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.host.OwnUser;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import io.etcdmedic.node.nix.Planned;
import io.etcdmedic.snapshot.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way of a node from RKE1 to NixOS, on a real etcd and a real kube-apiserver: RKE1's etcd runs with its
/// own flags; after the switch etcd and the kube-apiserver run with exactly what the generated module gives.
///
/// The files of the node lie in a folder; paths in flags are moved there. The kube-apiserver comes from the folder
/// that KUBEBUILDER_ASSETS names: without it the test is left out, and says so.
@Tag("long")
class RebuildJourneyTest {
    private static final Path SNAPSHOT = Path.of("src/test/resources/fixtures/kubernetes-1.36/snapshot.db");
    private final int client = Ports.free();
    private final int peer = Ports.free();
    private final int api = Ports.free();
    private final List<Process> processes = new ArrayList<>();

    /// What was found at the stage that was next.
    private String last = "";

    @TempDir
    Path dir = Path.of("");

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void fromRke1ToNixos() throws Exception {
        String assets = String.valueOf(System.getenv("KUBEBUILDER_ASSETS"));
        assumeTrue(
                Files.isExecutable(Path.of(assets, "kube-apiserver")),
                "LEFT OUT: no real kube-apiserver; KUBEBUILDER_ASSETS must name the folder that has one");
        assumeTrue(OwnUser.isRoot(), "LEFT OUT: needs root to give files to the users of the services");
        RkeTree tree = node().running().in(dir.resolve("root"));
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        NixosTree.in(tree.root()).plugins().file("etc/cni/net.d/10-canal.conflist", NixosTree.CALICO);
        restored();
        Process old = etcd(tree.facts().flags(Component.ETCD));
        assertThat(Ran.of("node", "nix", "generate", "--root", root(), "--out", file("module.nix"))
                        .status())
                .isZero();
        Planned module =
                NixCheck.read(new NixCheck.Subject(NixFiles.at(Path.of(file("module.nix"))), "", "srv5", true));

        stands("snapshot");
        assertThat(medic("snapshot", "save", file("saved.db")).status()).isZero();
        Files.setLastModifiedTime(Path.of(file("saved.db")), FileTime.from(Instant.parse("2026-12-01T11:00:00Z")));
        stands("keys", "--saved", file("saved.db"));
        copy("etc/kubernetes");
        stands("folders", "--archive", file("archive"));
        copy("etc/cni/net.d");
        copy("opt/cni/bin");
        stands("module", "--archive", file("archive"));
        tree.ruled(Files.readString(Path.of(file("module.nix"))));
        assertThat(last).as("the fixture's cluster had another key").contains("1 errors: nix/token");
        etcdctl("del", "--prefix", "/registry/secrets/");
        stands("drained");
        node(true, "docker://24.0.7", "True");
        stands("RKE1 stopped");
        for (String part : List.of(
                "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy")) {
            tree.file(
                    "var/lib/docker/containers/" + part + "/hostconfig.json",
                    "{\"RestartPolicy\": {\"Name\": \"no\"}}");
        }
        stands("switched");

        old.destroy();
        old.waitFor();
        switched(tree, module);
        etcd(module.flags(Component.ETCD));
        stands("apiserver"); // a kube-apiserver that does not run is not ready
        apiserver(Path.of(assets, "kube-apiserver"), module.flags(Component.APISERVER));
        KubeProcess.await(
                "the journey passes the kube-apiserver", Duration.ofSeconds(120), () -> !next().equals("apiserver"));
        stands("node"); // the Node has not come back
        node(true, "containerd://1.7.24", "True");
        stands("DNS");
        put("endpointslices/kube-system/kube-dns-x", """
                {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"kube-dns-x","namespace":"kube-system",
                 "labels":{"kubernetes.io/service-name":"kube-dns"}},"addressType":"IPv4",
                 "endpoints":[{"addresses":["10.42.0.9"],"conditions":{"ready":true}}]}""");
        stands("workloads");
        node(false, "containerd://1.7.24", "True");
        etcdctl("del", "--prefix", "/registry/pods/");
        put("pods/shop/web-1", """
                {"kind":"Pod","apiVersion":"v1","metadata":{"name":"web-1","namespace":"shop"},
                 "spec":{"nodeName":"srv5","containers":[{"name":"web","image":"web"}]},"status":{"phase":"Running"}}""");

        Ran end = rebuild();
        assertThat(end.status()).as(end.text() + end.stderr()).isZero();
        assertThat(end.text())
                .contains(
                        "The node is rebuilt: every stage is reached.", "/readyz says ok, v1.", "it says 10.43.0.0/16");
        assertThat(rebuild().text())
                .as("none is looked at again")
                .contains("done     snapshot")
                .doesNotContain("reached  ");
    }

    private RkeNode node() {
        return RkeNode.of(35)
                .named("srv5", "127.0.0.1", "127.0.0.1")
                .ports(client, peer, api)
                .with("kube-apiserver", "advertise-address", "10.99.0.1");
    }

    private String root() {
        return file("root");
    }

    private String file(String name) {
        return dir.resolve(name).toString();
    }

    /// The paths of the node's files, where they lie here.
    private String here(String value) {
        return value.replace("/etc/kubernetes", root() + "/etc/kubernetes")
                .replace("/var/lib/rancher/etcd/", root() + "/var/lib/etcd")
                .replaceFirst("^/var/lib/etcd$", root() + "/var/lib/etcd");
    }

    private void restored() throws Exception {
        String url = "https://127.0.0.1:" + peer;
        run(List.of(
                "etcdctl",
                "snapshot",
                "restore",
                SNAPSHOT.toAbsolutePath().toString(),
                "--name=etcd-srv5",
                "--data-dir=" + root() + "/var/lib/etcd",
                "--initial-cluster=etcd-srv5=" + url,
                "--initial-cluster-token=etcd-cluster-1",
                "--initial-advertise-peer-urls=" + url));
    }

    private List<String> argv(Flags flags) {
        List<String> argv = new ArrayList<>();
        flags.values().forEach((flag, all) -> all.forEach(value -> argv.add("--" + flag + "=" + here(value))));
        return argv;
    }

    private Process etcd(Flags flags) throws Exception {
        List<String> argv = argv(flags);
        argv.addFirst("etcd");
        Process process = start("etcd", argv);
        KubeProcess.await("etcd answers", Duration.ofSeconds(60), () -> {
            assertThat(process.isAlive()).as(log("etcd")).isTrue();
            return medic("members").status() == 0;
        });
        return process;
    }

    private void apiserver(Path program, Flags flags) throws IOException {
        List<String> argv = argv(flags);
        argv.addFirst(program.toString());
        start("kube-apiserver", argv);
    }

    private Process start(String name, List<String> argv) throws IOException {
        Process process = new ProcessBuilder(argv)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        dir.resolve(name + ".log").toFile()))
                .start();
        processes.add(process);
        return process;
    }

    private String log(String name) {
        try {
            return Files.readString(dir.resolve(name + ".log"));
        } catch (IOException none) {
            return "";
        }
    }

    /// The units that nixos-rebuild would make of the module.
    private void switched(RkeTree tree, Planned module) throws IOException {
        NixosTree nixos = NixosTree.in(tree.root())
                .file("etc/NIXOS", "")
                .program("bin/sh")
                .file(
                        "nix/store/t-containerd.toml",
                        NixosTree.CONTAINERD_TOML.replace("\"pause:latest\"", "\"docker.io/library/pause:latest\""))
                .file("etc/systemd/system/containerd.service", """
                        [Service]
                        ExecStart=/nix/store/c-containerd-1.7.24/bin/containerd --config /nix/store/t-containerd.toml
                        """);
        String before = "/nix/store/s-unit-script-kubelet-pre-start/bin/kubelet-pre-start";
        nixos.file(
                before.substring(1),
                "#!/bin/sh\n"
                        + module.configuration()
                                .orElseThrow()
                                .text("systemd.services.kubelet.preStart")
                                .orElseThrow());
        for (Component component : Component.values()) {
            List<String> argv = new ArrayList<>(List.of("/nix/store/p-kubernetes-1.36.2/bin/" + component.program()));
            module.flags(component).values().forEach((flag, all) -> all.forEach(v -> argv.add("--" + flag + "=" + v)));
            nixos.file(
                    "etc/systemd/system/" + component.program() + ".service",
                    "[Service]\n" + (component == Component.KUBELET ? "ExecStartPre=" + before + "\n" : "")
                            + "ExecStart=" + String.join(" ", argv) + "\nUser=" + component.nixosUser() + "\n");
        }
    }

    private void node(boolean cordoned, String runtime, String ready) throws Exception {
        put("minions/srv5", """
                {"kind":"Node","apiVersion":"v1","metadata":{"name":"srv5","labels":{"node-role.kubernetes.io/controlplane":"true"}},
                 "spec":{"unschedulable":%s,"podCIDR":"10.42.0.0/24","podCIDRs":["10.42.0.0/24"]},
                 "status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],
                 "conditions":[{"type":"Ready","status":"%s"}],
                 "nodeInfo":{"kubeletVersion":"v1.35.9","kubeProxyVersion":"","containerRuntimeVersion":"%s"}}}
                """.formatted(cordoned, ready, runtime));
    }

    private void put(String path, String json) throws Exception {
        etcdctl("put", "/registry/" + path, json.replaceAll("\\R *", ""));
    }

    private void etcdctl(String... words) throws Exception {
        List<String> argv = new ArrayList<>(List.of("etcdctl"));
        argv.addAll(List.of(words));
        argv.addAll(source());
        run(argv);
    }

    private List<String> source() {
        String ssl = root() + "/etc/kubernetes/ssl/";
        return List.of(
                "--endpoints",
                "https://127.0.0.1:" + client,
                "--cacert",
                ssl + "kube-ca.pem",
                "--cert",
                ssl + "kube-node.pem",
                "--key",
                ssl + "kube-node-key.pem");
    }

    private void copy(String folder) throws IOException {
        Path from = dir.resolve("root").resolve(folder);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = dir.resolve("archive")
                        .resolve(folder)
                        .resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void run(List<String> argv) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(argv + ": " + said).isZero();
    }

    private Ran medic(String... words) {
        return Ran.of(Stream.of(Stream.of(words), source().stream(), Stream.of("--state-dir", file("state")))
                .flatMap(s -> s)
                .toArray(String[]::new));
    }

    private Ran rebuild(String... words) {
        return medic(Stream.concat(
                        Stream.of(
                                "node", "rebuild", "--root", root(), "--module", file("module.nix"), "--host", "srv5"),
                        Stream.of(words))
                .toArray(String[]::new));
    }

    private void stands(String stage, String... words) {
        assertThat(next(words)).as(last).isEqualTo(stage);
    }

    /// The stage that is next; what comes before it was reached.
    private String next(String... words) {
        Ran ran =
                rebuild(Stream.concat(Stream.of("-o", "json"), Stream.of(words)).toArray(String[]::new));
        assertThat(ran.status()).as(ran.text() + ran.stderr()).isIn(0, 1);
        Map<String, Document> found = new TreeMap<>();
        for (Document stage : Json.read(ran.text()).list("stages")) {
            found.putIfAbsent(stage.text("state").orElse(""), stage);
        }
        Document next = found.getOrDefault("next", Document.Mapping.EMPTY);
        last = next.text("evidence").orElse("") + log("kube-apiserver");
        return next.text("stage").orElse("none: " + ran.text());
    }
}
