package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.command.Ran;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.host.OwnUser;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.host.Tools;
import io.etcdmedic.node.nix.ModuleWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every node command over what no node should be: a finding or a clear error, never a crash, and nothing outside
/// touched.
class BadInputTest {
    private static final String SSL = "etc/kubernetes/ssl/";

    @TempDir
    Path folder = Path.of("");

    private Path root = Path.of("");

    @BeforeEach
    void aTree() throws IOException {
        folder = folder.toRealPath();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        root = Files.createDirectory(folder.resolve("root"));
    }

    @Test
    void aTreeOfNothingButHostilityIsJudged() throws Exception {
        hostile();
        Path victim = Files.writeString(folder.resolve("victim"), "-----BEGIN RSA PRIVATE KEY-----");
        Files.createSymbolicLink(root.resolve(SSL + "kube-admin-key.pem"), Path.of("../../../../victim"));

        for (String command : List.of(
                "inspect --flags",
                "certs check",
                "certs fix --dry-run",
                "certs fix --snippet",
                "pause check",
                "pause pin --dry-run",
                "cni check",
                "cni save " + folder.resolve("plugins"),
                "cni restore --dry-run " + root,
                "preflight",
                "rebuild",
                "nix check --units",
                "version check",
                "inspect --save " + folder.resolve("facts"))) {
            Ran ran = medic(command);
            assertThat(ran.status()).as(command + ran.stderr()).isLessThan(4);
            assertThat(ran.text() + ran.stderr()).as(command).doesNotContain("Exception in", "\tat io.", "NullPointer");
            assertThat(ran.text() + ran.stderr()).as(command).isNotBlank();
        }
        assertThat(Files.getAttribute(victim, "unix:uid")).isEqualTo(OwnUser.uid());
    }

    @Test
    void hostileFilesAreFindingsOneByOne() throws Exception {
        hostile();

        List<String> certs = findings("certs check");
        assertThat(certs)
                .anyMatch(f -> f.startsWith("error certs/format /etc/kubernetes/ssl/kube-apiserver.pem")
                        && f.contains("cannot be decoded"))
                .anyMatch(f -> f.startsWith("error certs/format /etc/kubernetes/ssl/kube-apiserver-key.pem")
                        && f.contains("does not end"))
                .anyMatch(f -> f.startsWith("error certs/format /etc/kubernetes/ssl/kube-proxy-key.pem")
                        && f.contains("not a regular file"))
                .anyMatch(f -> f.startsWith("error certs/missing /etc/kubernetes/ssl/kube-node.pem")
                        && f.contains("a loop of symbolic links"))
                .anyMatch(f -> f.contains("its name is not UTF-8"));
        assertThat(findings("cni check"))
                .anyMatch(f -> f.contains("its name would leave /opt/cni/bin"))
                .anyMatch(f -> f.contains("a plugin with an empty type"));
        assertThat(findings("pause check")).anyMatch(f -> f.contains("z.toml, line 1"));
        assertThat(medic("inspect").text()).contains("kube-scheduler.service could not be read");
    }

    @Test
    void filesOfSeveralBlocksAreReadAsGoReadsThem() throws Exception {
        RkeTree tree = RkeTree.make(root);
        String ca = Files.readString(root.resolve(SSL + "kube-ca.pem"));
        String node = Files.readString(root.resolve(SSL + "kube-node.pem"));
        String key = Files.readString(root.resolve(SSL + "kube-node-key.pem"));
        assertThat(findings("certs check")).noneMatch(f -> f.contains("certs/format") || f.contains("certs/key"));

        tree.file(SSL + "kube-node.pem", "Bag Attributes\r\n" + node.replace("\n", "\r\n") + ca);
        tree.file(
                SSL + "kube-node-key.pem", "-----BEGIN EC PARAMETERS-----\nBgg=\n-----END EC PARAMETERS-----\n" + key);
        assertThat(findings("certs check"))
                .anyMatch(f -> f.startsWith("warning certs/format") && f.contains("it holds 2 certificates; the first"))
                .noneMatch(f -> f.startsWith("error certs/format") || f.contains("certs/key"));

        tree.file(SSL + "kube-node.pem", ca + node);
        assertThat(findings("certs check"))
                .anyMatch(f -> f.startsWith("error certs/key") && f.contains("it is not the key of kube-node.pem"));
        tree.file(SSL + "kube-node.pem", node + key);
        assertThat(findings("certs check"))
                .anyMatch(f -> f.startsWith("warning certs/format") && f.contains("it holds a private key, too"));

        tree.file(SSL + "kube-node.pem", node);
        openssl("genpkey -algorithm ed25519 -out kube-node-key.pem");
        assertThat(findings("certs check"))
                .anyMatch(f -> f.startsWith("unknown certs/key") && f.contains("kube-node-key.pem"))
                .noneMatch(f -> f.startsWith("error certs/format"));
        openssl("pkcs8 -topk8 -nocrypt -in kube-proxy-key.pem -out x && mv x kube-proxy-key.pem");
        openssl("rsa -in kube-apiserver-key.pem -out x && mv x kube-apiserver-key.pem");
        assertThat(findings("certs check"))
                .noneMatch(f -> f.startsWith("error certs/format") || f.startsWith("error certs/key"));
        openssl("genpkey -algorithm x25519 -out kube-node-key.pem");
        assertThat(findings("certs check")).anyMatch(f -> f.startsWith("error certs/format"));
    }

    private void openssl(String line) {
        shell("openssl " + line);
    }

    @Test
    void whatIsShownOnATerminalObeysNothing() throws Exception {
        hostile();

        assertThat(findings("certs check")).anyMatch(f -> f.contains("\u001b"));
        assertThat(Ran.onTerminal("node", "certs", "check", "--root", root.toString())
                        .text())
                .contains("kube-etcd-\\x1b[31m")
                .doesNotContain("kube-etcd-\u001b");
    }

    /// Without the rights that root has over others' files: as an ordinary user who asks.
    @Test
    void filesThatAreNotForTheUserThatAsksAreUnknownAndNotBroken() throws Exception {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root to give files to others");
        assumeTrue(Tools.find("setpriv").isPresent(), "SKIPPED: setpriv (package util-linux) is not there");
        RkeTree tree =
                RkeTree.make(root).file("etc/cni/net.d/10.conflist", "{}").file("etc/kubelet.yaml", "maxPods: 1");
        tree.file(
                "etc/systemd/system/kubelet.service", "[Service]\nExecStart=/bin/kubelet --config=/etc/kubelet.yaml\n");
        for (String name : List.of("kube-node.pem", "kube-apiserver-key.pem")) {
            tree.owner(SSL + name, 4321, 0600);
        }
        tree.owner("etc/cni/net.d/10.conflist", 4321, 0600);
        tree.owner("etc/kubelet.yaml", 4321, 0600);

        List<String> certs = powerless("certs", "check");
        assertThat(certs)
                .anyMatch(f -> f.startsWith("unknown certs/format /etc/kubernetes/ssl/kube-node.pem permission denied"))
                .anyMatch(f -> f.startsWith("unknown facts/denied") && f.contains("kube-apiserver-key.pem"))
                .noneMatch(f -> f.startsWith("error certs/format"));
        assertThat(powerless("cni", "check"))
                .anyMatch(f -> f.startsWith("unknown cni/config /etc/cni/net.d/10.conflist"))
                .noneMatch(f -> f.startsWith("error cni/config"));
        tree.owner("etc/kubernetes/ssl", 4321, 0700);
        assertThat(powerless("certs", "check"))
                .anyMatch(f -> f.startsWith("unknown certs ") && f.contains("that could be seen"))
                .anyMatch(f -> f.startsWith("unknown facts/denied") && f.contains("/etc/kubernetes/ssl/"));
        assertThat(run("certs", "fix", "--dry-run")).contains("Not seen", "/etc/kubernetes/ssl/");
        assertThat(run("inspect")).contains("facts/denied");
    }

    @Test
    void dockerInspectOfAnotherMachineOrOfNothingIsSaid() throws Exception {
        RkeTree.make(root).file("etc/hostname", "srv7\n");
        for (String text :
                List.of("", "[]", "{", "[3, null, {}]", "[{\"Name\": {}, \"Args\": \"x\", \"State\": []}]")) {
            Path file = Files.writeString(folder.resolve("docker.json"), text);
            for (String command : List.of("inspect", "certs check", "preflight", "rebuild")) {
                Ran ran = medic(command + " --docker-inspect " + file);
                assertThat(ran.status()).as(command + " " + text + ran.stderr()).isLessThan(4);
                assertThat(ran.text() + ran.stderr()).doesNotContain("Exception in", "\tat io.");
            }
        }
        Path file = Files.writeString(folder.resolve("docker.json"), """
                [{"Name": "/etcd", "Path": "/usr/local/bin/etcd",
                  "Args": ["--name=etcd-srv5", "--cert-file=/etc/kubernetes/ssl/kube-etcd-10-9-8-7.pem"],
                  "Config": {"Image": "rancher/mirrored-coreos-etcd:v3.5.9", "Hostname": "srv5"}}]""");
        Ran preflight = medic("preflight --docker-inspect " + file);
        assertThat(preflight.status()).isEqualTo(1);
        assertThat(preflight.text())
                .contains("made on host srv5, and this one is srv7", "kube-etcd-10-9-8-7.pem, which is not here");
        assertThat(medic("inspect --docker-inspect " + folder.resolve("absent")).status())
                .isEqualTo(3);
    }

    @Test
    void aModuleOfAnotherNodesContainersSaysSoAndADomainMakesNoOtherHost() throws IOException {
        RkeTree tree = RkeContainers.standard().in(RkeTree.make(root)).file("etc/hostname", "srv7\n");
        assertThat(ModuleWriter.write(tree.facts(), Optional.empty()))
                .contains("# BEWARE: The containers are another node's");

        tree.file("etc/hostname", "srv5.prod.example\n");
        assertThat(IdentityCheck.of(tree.facts())).isEmpty();
        assertThat(ModuleWriter.write(tree.facts(), Optional.empty())).doesNotContain("BEWARE");
    }

    /// A node on which no tool answers: what they would have said is unknown, with the reason.
    @Test
    void absentToolsAreUnknown() throws Exception {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root to give files to others");
        RkeTree.make(root);
        NixosTree.make(root).plugins();
        RkeTree.at(root).owner(SSL + "kube-ca.pem", 0, 0644);
        assertThat(medic("inspect --save " + folder.resolve("again")).status()).isLessThan(2);
        Files.write(
                folder.resolve("again/acl.tsv"),
                Files.readAllLines(folder.resolve("again/acl.tsv")).stream()
                        .map(row -> row.replaceFirst("\t.*$", "") + "\t?")
                        .toList());
        assertThat(rows(Ran.of("node", "certs", "check", "-o", "json", "--facts", folder.resolve("again") + "")
                        .text()))
                .anyMatch(
                        f -> f.startsWith("unknown certs/access /etc/kubernetes/ssl/kube-ca.pem its access list cannot"
                                + " be read: getfacl"));
        assertThat(findings("pause check"))
                .anyMatch(f -> f.startsWith("unknown pause/image") && f.contains("ctr images"));
    }

    @Test
    void savedFactsThatSomebodyElseWroteAreAnErrorAtMost() throws Exception {
        RkeTree.make(root);
        Path facts = folder.resolve("facts");
        assertThat(medic("inspect --save " + facts).status()).isZero();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(facts)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        Random random = new Random(7);
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            for (byte[] broken : List.of(new byte[0], noise(random), cut(whole), swapped(whole, random))) {
                Files.write(file, broken);
                Ran ran = Ran.of("node", "certs", "check", "--facts", facts.toString());
                assertThat(ran.status()).as(file + ran.stderr()).isIn(0, 1, 3, 5);
            }
            Files.write(file, whole);
        }
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[500];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] cut(byte[] whole) {
        return java.util.Arrays.copyOf(whole, whole.length / 2);
    }

    private static byte[] swapped(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int i = 0; i < Math.min(20, bytes.length); i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private void hostile() throws Exception {
        byte[] noise = noise(new Random(3));
        write("etc/passwd", "root:x:0:0::/:/bin/sh\nkubernetes:x:988:988::/:/f\nbroken\netcd:x:abc:def::\n");
        write("etc/group", "root:x:0:\nkubernetes:x:none:\n\u0000:::\n");
        write(SSL + "kube-ca.pem", new String(noise, StandardCharsets.ISO_8859_1));
        write(SSL + "kube-apiserver.pem", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n");
        write(SSL + "kube-apiserver-key.pem", "-----BEGIN RSA PRIVATE KEY-----\nAAAA");
        write(SSL + "kube-proxy.pem", "");
        write(SSL + "kube-etcd-1-2-3-4-key.pem", "x");
        write(SSL + "kube-etcd-999-2-3-4.pem", "x");
        link(SSL + "kube-node.pem", "kube-node.pem");
        Files.createDirectories(root.resolve(SSL + "kube-scheduler.pem"));
        shell("mkfifo kube-proxy-key.pem && printf x >\"kube-etcd-$(printf '\\033[31m\\n\\377').pem\"");
        write("etc/systemd/system/kubelet.service", "[Service]\nUser=\u0001\nExecStart=\"unterminated\n");
        write("etc/systemd/system/etcd.service", "[Service]\nExecStart=\n");
        write("etc/systemd/system/kube-proxy.service", "[Service\nExecStart=/x/kube-proxy --config=/etc/passwd\n");
        write("etc/systemd/system/kube-apiserver.service", """
                [Service]
                User=kubernetes
                ExecStart=/x/kube-apiserver --service-cluster-ip-range=banana --tls-private-key-file= --config \\""");
        link("etc/systemd/system/kube-scheduler.service", "/");
        link("etc/systemd/system/kube-controller-manager.service.d", "kube-controller-manager.service.d");
        write("etc/cni/net.d/10.conflist", """
                {"name": "x", "plugins": [{"type": "../../etc/passwd"}, {"type": "a\\nb"}, {"type": ""}, 3, null]}""");
        write("etc/cni/net.d/11.conf", "\u0000{");
        link("etc/cni/net.d/12.json", "/nix/store/gone");
        write("etc/containerd/config.toml", """
                imports = ["/etc/containerd/*.toml"]
                [plugins."io.containerd.grpc.v1.cri"]
                sandbox_image = "\\u001b[31m"
                """);
        write("etc/containerd/z.toml", "[[[");
        link("opt/cni/bin/loop", "loop");
        write("var/lib/docker/containers/a\nb/config.v2.json", "{\"Name\": 3, \"Args\": {\"x\": 1}}");
        link("etc/hostname", "/proc/self/mem");
        Files.createDirectories(root.resolve("var/lib/etcd/member/snap"));
        link("var/lib/etcd/member/wal", "/etc");
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }

    private void link(String name, String target) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.createSymbolicLink(file, Path.of(target));
    }

    private void shell(String line) {
        ToolAnswer answer = Tools.run(ToolCall.of("sh", "-c", "cd '" + root.resolve(SSL) + "' && " + line));
        assertThat(answer.trouble()).isEmpty();
    }

    private Ran medic(String command) {
        List<String> words = new ArrayList<>(List.of("node"));
        words.addAll(List.of(command.split(" ", -1)));
        words.addAll(List.of(
                "--root",
                root.toString(),
                "--state-dir",
                folder.resolve("state").toString()));
        return Ran.of(words.toArray(String[]::new));
    }

    private List<String> findings(String command) {
        return rows(medic(command + " -o json").text());
    }

    private static List<String> rows(String report) {
        return Json.read(report).list("findings").stream()
                .map((Document f) -> f.text("severity").orElse("") + " "
                        + f.text("check").orElse("") + " " + f.text("subject").orElse("") + " "
                        + f.text("evidence").orElse(""))
                .toList();
    }

    private List<String> powerless(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-o", "json"));
        return rows(run(all.toArray(String[]::new)));
    }

    /// Root in name, with no more right over others' files than anybody.
    private String run(String... words) {
        List<String> argv = new ArrayList<>(List.of(
                "setpriv",
                "--bounding-set=-dac_override,-dac_read_search",
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                SystemdLab.classes(),
                "io.etcdmedic.Main",
                "node"));
        argv.addAll(List.of(words));
        argv.addAll(List.of("--root", root.toString()));
        ToolAnswer answer = Tools.run(new ToolCall(argv, Duration.ofMinutes(1), ToolCall.OUTPUT_BYTES_MAX));
        assertThat(answer).isInstanceOf(ToolAnswer.Ran.class);
        ToolAnswer.Ran ran = (ToolAnswer.Ran) answer;
        assertThat(ran.exitStatus()).as(ran.stderr()).isLessThan(2);
        return ran.stdout();
    }
}
