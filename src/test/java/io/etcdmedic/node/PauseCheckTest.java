package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.node.facts.AnswerFromFile;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.pause.PauseCheck;
import io.etcdmedic.node.runtime.Cri;
import io.etcdmedic.node.runtime.ImageName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseCheckTest {
    private static final String CTR = "ctr";
    private static final String FULL = "docker.io/library/pause:latest";

    @TempDir
    Path root = Path.of("");

    private Optional<NixosTree> made = Optional.empty();

    @BeforeEach
    void thePostsNode() throws IOException {
        made = Optional.of(NixosTree.make(root));
    }

    @Test
    void thePostsImageIsNotNamedInFull() {
        assertThat(of("pause/reference", check())).singleElement().satisfies(f -> {
            assertThat(f.severity().word()).isEqualTo("warning");
            assertThat(f.evidence()).contains("that would be " + FULL);
            assertThat(f.cure()).isEqualTo("medic node pause pin --snippet");
        });
    }

    @Test
    void withContainerd2ThatIsAnErrorInEitherLayout() throws IOException {
        tree().file("etc/systemd/system/containerd.service", """
                [Service]
                ExecStart=/nix/store/c-containerd-2.1.4/bin/containerd --config /etc/containerd.toml
                """).file("etc/containerd.toml", """
                version = 3
                [plugins.'io.containerd.cri.v1.images'.pinned_images]
                  sandbox = 'pause:latest'
                [[plugins.'io.containerd.x'.many]]
                  a = 1
                """);

        assertThat(of("pause/reference", check()))
                .singleElement()
                .satisfies(f -> assertThat(f.breaks()).isTrue());
    }

    @Test
    void anImageThatIsThereAndNotPinnedWillBeCollected() {
        NodeFacts facts = asked(line(FULL, "io.cri-containerd.image=managed"));

        assertThat(of("pause/pinned", PauseCheck.of(facts, Optional.empty())))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.breaks()).isTrue();
                    assertThat(f.cure()).isEqualTo("medic node pause pin");
                });
    }

    @Test
    void aPinOnAnyReferenceOfTheImageCounts() {
        NodeFacts facts =
                asked(line(FULL, "-") + line("sha256:" + "b".repeat(64), "x=y,io.cri-containerd.pinned=pinned"));

        assertThat(of("pause/pinned", PauseCheck.of(facts, Optional.empty())))
                .singleElement()
                .satisfies(f -> assertThat(f.severity().word()).isEqualTo("ok"));
    }

    @Test
    void anImageThatNoRegistryHasMustBeThere() {
        assertThat(of("pause/image", PauseCheck.of(asked("REF TYPE DIGEST\n"), Optional.empty())))
                .singleElement()
                .satisfies(f -> assertThat(f.consequence()).contains("no registry has it"));
    }

    @Test
    void aContainerdThatHangsOrIsDownIsUnknown() {
        Machine machine = LiveMachine.at(root);
        for (ToolAnswer answer : List.of(
                new ToolAnswer.TimedOut(Duration.ofSeconds(10)),
                new ToolAnswer.Ran(1, "", "ctr: failed to dial \"/run/containerd/containerd.sock\"\n", false))) {
            NodeFacts facts = NodeFacts.of(new AnswerFromFile(machine, ctr("images", "ls"), answer));

            assertThat(of("pause/image", PauseCheck.of(facts, Optional.empty())))
                    .singleElement()
                    .satisfies(f -> {
                        assertThat(f.severity().word()).isEqualTo("unknown");
                        assertThat(f.evidence()).containsAnyOf("no answer within 10000 ms", "failed to dial");
                    });
        }
    }

    @Test
    void whatCriSaysCountsWhereItCanBeAsked() {
        String pinned = line(FULL, "io.cri-containerd.pinned=pinned");
        String image = "{\"images\": [{\"id\": \"sha256:a\", \"repoTags\": [\"" + FULL + "\"], \"pinned\": %s}]}";

        assertThat(of("pause/pinned", cri(pinned, image.formatted(false), "{}")))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.breaks()).isTrue();
                    assertThat(f.cure()).contains("systemctl restart containerd");
                });
        assertThat(of("pause/pinned", cri(pinned, image.formatted(true), "{}")))
                .singleElement()
                .satisfies(f -> assertThat(f.breaks()).isFalse());
        assertThat(of("pause/cri", cri(pinned, image.formatted(true), "{}"))).isEmpty();
        for (String hostile : List.of("", "[]", "{", "{\"images\": 3}", "null")) {
            assertThat(of("pause/pinned", cri(pinned, hostile, hostile)))
                    .singleElement()
                    .satisfies(f -> assertThat(f.breaks()).isFalse());
        }
        assertThat(of("pause/cri", cri(pinned, "{", "{}")))
                .singleElement()
                .satisfies(f -> assertThat(f.severity().word()).isEqualTo("unknown"));
        assertThat(of("pause/cri", cri(pinned, "{}", "")))
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).startsWith("crictl info: reading JSON"));
    }

    @Test
    void aContainerdThatRunsWithAnotherImageThanItsFileNamesIsFound() {
        assertThat(of(
                        "pause/reference",
                        cri("", "", "{\"config\": {\"sandboxImage\": \"registry.k8s.io/pause:3.8\"}}")))
                .anySatisfy(f -> assertThat(f.evidence()).contains("makes pods with registry.k8s.io/pause:3.8"));
        assertThat(of("pause/reference", cri("", "", "{\"config\": {\"sandboxImage\": \"pause\"}}")))
                .hasSize(1);
    }

    private List<Finding> cri(String images, String criImages, String info) {
        Machine machine = LiveMachine.at(root);
        String socket = "/run/containerd/containerd.sock";
        machine = new AnswerFromFile(machine, ctr("images", "ls"), new ToolAnswer.Ran(0, images, "", false));
        machine = new AnswerFromFile(
                machine, Cri.question(socket, "images", "-o", "json"), new ToolAnswer.Ran(0, criImages, "", false));
        machine = new AnswerFromFile(machine, Cri.question(socket, "info"), new ToolAnswer.Ran(0, info, "", false));
        return PauseCheck.of(NodeFacts.of(machine), Optional.empty());
    }

    @Test
    void theModulesStartSeedsThePostsSecondDoesNotAndItsFirstNeedsCtr2() throws IOException {
        assertThat(of("pause/seeded", check()))
                .singleElement()
                .satisfies(f -> assertThat(f.severity().word()).isEqualTo("ok"));

        tree().start("#!/bin/sh\nmkdir -p /opt/cni/bin/\n# ctr image import\n");
        assertThat(of("pause/seeded", check()))
                .singleElement()
                .satisfies(f -> assertThat(f.breaks()).isTrue());

        tree().start("#!/bin/sh\n/nix/store/c-containerd-1.7.24/bin/ctr -n k8s.io image import --label"
                + " io.cri-containerd.pinned=pinned /nix/store/p.tar\n");
        assertThat(of("pause/seeded", check()))
                .singleElement()
                .satisfies(f -> assertThat(f.consequence()).contains("flag provided but not defined: -label"));

        tree().start(
                        "#!/bin/sh\n/nix/store/c-containerd-2.1.4/bin/ctr -n k8s.io image import --label a=b /nix/store/p.tar\n");
        assertThat(of("pause/seeded", check()))
                .singleElement()
                .satisfies(f -> assertThat(f.severity().word()).isEqualTo("ok"));
    }

    @Test
    void theOldModulesFlagIsAnErrorFromKubelet135On() throws IOException {
        tree().kubelet("1.34.2", "--pod-infra-container-image=pause");
        assertThat(of("pause/flag", check()))
                .singleElement()
                .satisfies(f -> assertThat(f.severity().word()).isEqualTo("warning"));

        tree().kubelet("1.35.0", "--pod-infra-container-image=pause");
        assertThat(of("pause/flag", check())).singleElement().satisfies(f -> {
            assertThat(f.breaks()).isTrue();
            assertThat(f.consequence()).contains("unknown flag");
        });
    }

    @Test
    void aBrokenConfigurationIsUnknownWithItsLine() throws IOException {
        tree().file("nix/store/t-containerd-config-checked.toml", "version = 2\n[plugins\n");

        assertThat(of("pause/containerd", check()))
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).contains("line 2: "));
    }

    @Test
    void namesAreCompletedAsContainerdDoes() {
        assertThat(ImageName.full("pause")).isEqualTo("docker.io/library/pause:latest");
        assertThat(ImageName.full("rancher/pause:3.6")).isEqualTo("docker.io/rancher/pause:3.6");
        assertThat(ImageName.full("registry.k8s.io/pause:3.9")).isEqualTo("registry.k8s.io/pause:3.9");
        assertThat(ImageName.full("localhost:5000/pause")).isEqualTo("localhost:5000/pause:latest");
        assertThat(ImageName.full("a/b:1@sha256:00")).isEqualTo("docker.io/a/b@sha256:00");
    }

    private NixosTree tree() {
        return made.orElseThrow();
    }

    private List<Finding> check() {
        return PauseCheck.of(tree().facts(), Optional.empty());
    }

    private NodeFacts asked(String list) {
        return NodeFacts.of(
                new AnswerFromFile(LiveMachine.at(root), ctr("images", "ls"), new ToolAnswer.Ran(0, list, "", false)));
    }

    private static ToolCall ctr(String... words) {
        List<String> argv = new java.util.ArrayList<>(
                List.of(CTR, "--address", "/run/containerd/containerd.sock", "--namespace", "k8s.io"));
        argv.addAll(List.of(words));
        return new ToolCall(argv, ToolCall.TIMEOUT, ToolCall.OUTPUT_BYTES_MAX);
    }

    private static String line(String reference, String labels) {
        return "%s application/vnd.oci.image.manifest.v1+json sha256:%s 14.4 KiB linux/amd64 %s \n"
                .formatted(reference, "a".repeat(64), labels);
    }

    private static List<Finding> of(String check, List<Finding> findings) {
        return findings.stream().filter(f -> f.check().equals(check)).toList();
    }
}
