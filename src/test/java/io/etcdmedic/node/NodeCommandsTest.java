package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.command.Ran;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.host.OwnUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The node commands as they are typed, from the finding to its cure and back.
class NodeCommandsTest {
    private static final String DOCKER = """
            [{"Name": "/kubelet", "Path": "/opt/rke-tools/entrypoint.sh", "Args": ["kubelet", "--hostname-override=51.81.64.31"],
              "Config": {"Image": "rancher/hyperkube:v1.26.8-rancher1", "Hostname": "srv5"},
              "HostConfig": {"RestartPolicy": {"Name": "always"}}, "State": {"Running": true}}]""";

    @TempDir
    Path folder = Path.of("");

    private Path root = Path.of("");

    @BeforeEach
    void needsRoot() throws IOException {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root to give files to the users of the services");
        root = Files.createDirectory(folder.toRealPath().resolve("root"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void accessIsFoundFixedFoundRightAndTakenBack() throws IOException {
        RkeTree.make(root);
        Ran before = medic("node", "certs", "check");
        assertThat(before.status()).isEqualTo(1);
        assertThat(before.text()).contains("do:     medic node certs fix --root " + root, "something would break");
        assertThat(medic("node", "certs", "fix", "--dry-run").status()).isZero();
        assertThat(medic("node", "certs", "check").text()).isEqualTo(before.text());

        applied(medic("node", "certs", "fix", "--plan", file("fix.plan")), "fix.plan");
        Ran after = medic("node", "certs", "check");
        assertThat(after.status()).isZero();
        assertThat(medic("node", "certs", "fix").text()).contains("Nothing to do.");

        String entry = Ran.of("journal", "list", "-o", "name", "--state-dir", file("state"))
                .text()
                .lines()
                .findFirst()
                .orElseThrow();
        applied(Ran.of("undo", entry, "--plan", file("undo.plan"), "--state-dir", file("state")), "undo.plan");
        assertThat(medic("node", "certs", "check").text()).isEqualTo(before.text());
    }

    @Test
    void savedFactsGiveTheSameAnswersElsewhere() throws IOException {
        RkeTree.make(root).file("etc/kubernetes/ssl/kubecfg-kube-admin.yaml", "client-key-data: U0VDUkVU\n");
        NixosTree.make(root).plugins();
        assertThat(medic("node", "inspect", "--save", file("facts")).status()).isZero();

        for (String area : List.of("certs check", "pause check", "cni check", "nix check --units")) {
            String[] words = ("node " + area + " -o json").split(" ");
            Ran live = medic(words);
            Ran saved = Ran.of(Stream.concat(Stream.of(words), Stream.of("--facts", file("facts")))
                    .toArray(String[]::new));
            assertThat(saved.status()).isEqualTo(live.status());
            assertThat(checks(saved)).isEqualTo(checks(live)).isNotEmpty().noneMatch(c -> c.contains("facts/gaps"));
        }
        assertThat(Ran.of("node", "preflight", "--facts", file("facts")).text())
                .doesNotContain("is not in the facts in")
                .contains("permission denied");
        assertThat(Ran.of("node", "inspect", "--facts", file("facts")).text()).contains("RKE1 and NixOS");
        try (Stream<Path> files = Files.walk(folder.resolve("facts"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(f -> assertThat(Files.readString(f))
                            .doesNotContain("BEGIN EC PRIVATE", "BEGIN RSA PRIVATE", "U0VDUkVU"));
        }
        assertThat(Ran.of("node", "certs", "fix", "--facts", file("facts")).status())
                .isEqualTo(2);
        assertThat(medic("node", "inspect", "--save", file("facts")).status()).isEqualTo(2);
    }

    @Test
    void beforeTheSwitchItIsSaidWhatWillBreakAndTheModuleTextPreventsIt() throws IOException {
        RkeTree.make(root).file("etc/passwd", "root:x:0:0::/root:/bin/sh\n");

        Ran check = medic("node", "certs", "check");

        assertThat(check.status()).isEqualTo(1);
        assertThat(check.text())
                .contains("kube-apiserver would end at start with \"open"
                        + " /etc/kubernetes/ssl/kube-service-account-token-key.pem: permission denied\".");
        assertThat(medic("node", "certs", "fix", "--snippet").text())
                .contains(
                        "\"z /etc/kubernetes/ssl/kube-service-account-token-key.pem 0400 kubernetes root -\"",
                        "\"z /etc/kubernetes/ssl/kube-etcd-51-81-64-31-key.pem 0400 etcd root -\"",
                        "\"z /etc/kubernetes/ssl/kube-ca-key.pem 0600 root root -\"",
                        "\"z /etc/kubernetes/ssl/kube-ca.pem 0644 root root -\"");
    }

    @Test
    void anotherMachinesDockerIsRecognised() throws IOException {
        RkeTree.make(root).file("etc/hostname", "srv7\n");
        Files.writeString(folder.resolve("docker.json"), DOCKER);

        Ran inspect = medic("node", "inspect", "--docker-inspect", file("docker.json"));

        assertThat(inspect.status()).isEqualTo(1);
        assertThat(inspect.text()).contains("container kubelet was made on host srv5, and this one is srv7");
        RkeTree.make(Files.createDirectory(root.resolveSibling("right"))).file("etc/hostname", "srv5\n");
        assertThat(Ran.of("node", "inspect", "--root", file("right"), "--docker-inspect", file("docker.json"))
                        .text())
                .contains("kubelet, 51.81.64.31".substring(9), "RKE1's containers", "restart always");
    }

    @Test
    void whatCannotBeReadIsAnAnswerAndNoCrash() throws IOException {
        assertThat(Ran.of("node", "certs", "check", "--root", file("none")).status())
                .isEqualTo(3);
        assertThat(Ran.of("node", "certs", "check", "--facts", file("root")).status())
                .isEqualTo(3);
        assertThat(Ran.of("node", "certs", "check", "--facts", file("root"), "--root", file("root"))
                        .status())
                .isEqualTo(2);
        assertThat(medic("node", "certs", "check").text()).contains("unknown  certs");
        assertThat(medic("node", "pause", "pin").status()).isEqualTo(2);
        assertThat(medic("node", "cni", "restore").status()).isEqualTo(2);
        assertThat(medic("node", "cni", "restore", file("root")).status()).isEqualTo(3);
        assertThat(Ran.of("node", "certs", "extract", "--from", file("none"), "--out", file("out"))
                        .status())
                .isEqualTo(3);
        assertThat(Files.exists(folder.resolve("out"))).isFalse();
    }

    private void applied(Ran planned, String plan) {
        assertThat(planned.stderr()).contains("nothing was changed");
        Ran ran =
                Ran.of("plan", "apply", file(plan), "--approve", planned.text().strip(), "--state-dir", file("state"));
        assertThat(ran.status()).as(ran.stderr() + ran.text()).isZero();
    }

    private static List<String> checks(Ran ran) {
        return Json.read(ran.text()).list("findings").stream()
                .map((Document f) -> f.text("severity").orElse("") + " "
                        + f.text("check").orElse("") + " " + f.text("subject").orElse("") + " "
                        + f.text("consequence").orElse(""))
                .toList();
    }

    private Ran medic(String... words) {
        return Ran.of(
                Stream.concat(Stream.of(words), Stream.of("--root", root.toString(), "--state-dir", file("state")))
                        .toArray(String[]::new));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }
}
