package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.OwnUser;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.host.Tools;
import io.etcdmedic.node.facts.FactsRecorder;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.pause.ImageChecks;
import io.etcdmedic.node.pause.PauseCheck;
import io.etcdmedic.node.pause.PausePin;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.Plan;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real containerd in a network namespace of its own: an image imported, collected, and pinned.
///
/// The containerd, and the `ctr` that a plan may run, are those that PATH finds. It takes seconds.
@Tag("long")
class PausePinTest {
    private static final String REFERENCE = "docker.io/library/pause:latest";

    @TempDir
    Path folder = Path.of("");

    private final List<Process> started = new ArrayList<>();
    private Path containerd = Path.of("");
    private Path config = Path.of("");

    @BeforeEach
    void startContainerd() throws Exception {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root to run containerd");
        Optional<Path> found = Tools.find("containerd");
        assumeTrue(found.isPresent(), "SKIPPED: no containerd on PATH");
        containerd = found.get();
        config = Files.writeString(folder.resolve("config.toml"), """
                version = 2
                root = "%1$s/root"
                state = "%1$s/state"
                [grpc]
                  address = "%1$s/sock"
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%2$s"
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    conf_dir = "%1$s/cni"
                """.formatted(folder, REFERENCE));
        ProcessBuilder builder =
                new ProcessBuilder("unshare", "--net", containerd.toString(), "--config", config.toString());
        builder.environment().merge("PATH", containerd.resolveSibling("").toString(), (path, own) -> own + ":" + path);
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
        started.add(builder.start());
        for (int i = 0; i < 100 && !ctr("version").trouble().isEmpty(); i++) {
            Thread.sleep(100);
        }
        assertThat(ctr("version").trouble()).isEmpty();
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void anImageIsImportedPinnedAndFoundRight() throws IOException {
        Path image = PauseImage.write(folder.resolve("pause.tar"), REFERENCE);
        assertThat(checks()).contains("error pause/image");
        assertThatThrownBy(() -> plan(Optional.empty()))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("seeds none");

        Outcome outcome = lab().apply(plan(Optional.of(image)));

        assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(checks()).contains("ok pause/reference");
        boolean old = containerdVersion().startsWith("1.6");
        assertThat(checks()).contains(old ? "warning pause/pinned" : "ok pause/pinned");
        assertThat(plan(Optional.empty()).isEmpty()).isTrue();
    }

    @Test
    void aPinThatWasTakenOffIsPutOnAgainAndTheWayBackTakesItOff() throws IOException {
        Path image = PauseImage.write(folder.resolve("pause.tar"), REFERENCE);
        lab().apply(plan(Optional.of(image)));
        for (String reference : ctr("images", "ls", "-q").words()) {
            ctr("images", "label", reference, "io.cri-containerd.pinned=");
        }
        assertThat(plan(Optional.empty()).steps()).hasSize(1);

        Plan plan = plan(Optional.empty());
        assertThat(lab().apply(plan).result()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(plan(Optional.empty()).isEmpty()).isTrue();

        List<String> back = ((HostChange.Command) plan.steps().getFirst()).back();
        assertThat(new MachineAccess().run(back)).isEmpty();
        assertThat(plan(Optional.empty()).steps()).hasSize(1);
    }

    @Test
    void whatWasCollectedIsFoundToBeMissing() throws IOException {
        Path image = PauseImage.write(folder.resolve("pause.tar"), REFERENCE);
        lab().apply(plan(Optional.of(image)));
        for (String reference : ctr("images", "ls", "-q").words()) {
            ctr("images", "rm", reference);
        }

        assertThat(checks()).contains("error pause/image");
        assertThat(lab().apply(plan(Optional.of(image))).result()).isEqualTo(Outcome.Result.APPLIED);
    }

    /// Ten seconds of waiting are real: the socket accepts, and nobody answers.
    @Test
    void aContainerdThatHangsIsUnknownAndPinsNothing() throws IOException {
        Path socket = folder.resolve("hangs");
        Path hanging = Files.writeString(
                folder.resolve("hangs.toml"),
                Files.readString(config).replace(folder.resolve("sock").toString(), socket.toString()));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            FactsRecorder recorder = new FactsRecorder(machine());
            NodeFacts facts = NodeFacts.of(recorder);

            assertThat(PauseCheck.of(facts, Optional.of(hanging.toString())))
                    .filteredOn(f -> f.check().equals("pause/image"))
                    .singleElement()
                    .satisfies(f -> {
                        assertThat(f.severity().word()).isEqualTo("unknown");
                        assertThat(f.evidence()).contains("no answer within 10000 ms");
                    });
            assertThatThrownBy(() -> PausePin.plan(facts, Optional.of(hanging.toString()), Optional.empty()))
                    .isInstanceOf(Failure.Unreachable.class)
                    .hasMessageContaining("no answer within 10000 ms");
        }
    }

    @Test
    void aContainerdThatIsDownIsUnknown() throws Exception {
        NodeFacts facts = NodeFacts.of(new FactsRecorder(machine()));
        stop();

        assertThat(PauseCheck.of(facts, Optional.of(config.toString())))
                .filteredOn(f -> f.check().equals("pause/image"))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.severity().word()).isEqualTo("unknown");
                    // The ctr of 1.7 waits for a socket that refuses.
                    assertThat(f.evidence()).containsAnyOf("failed to dial", "no answer within 10000 ms");
                });
        assertThatThrownBy(() -> PausePin.plan(facts, Optional.of(config.toString()), Optional.empty()))
                .isInstanceOf(Failure.Unreachable.class)
                .hasMessageContaining("ctr images ls");
    }

    private record Said(String trouble, List<String> words) {}

    private Said ctr(String... words) {
        List<String> argv = new ArrayList<>(List.of(
                containerd.resolveSibling("ctr").toString(),
                "--address",
                folder.resolve("sock").toString(),
                "--namespace",
                "k8s.io"));
        argv.addAll(List.of(words));
        var answer = Tools.run(new ToolCall(argv, ToolCall.TIMEOUT, ToolCall.OUTPUT_BYTES_MAX));
        String out = answer instanceof io.etcdmedic.host.ToolAnswer.Ran ran ? ran.stdout() : "";
        return new Said(
                answer.trouble(),
                out.isBlank() ? List.of() : List.of(out.strip().split("\\s+")));
    }

    private String containerdVersion() {
        List<String> words = ctr("version").words();
        return words.get(words.lastIndexOf("Version:") + 1);
    }

    private HostLab lab() {
        return new HostLab(ImageChecks.named(machine()));
    }

    private static LiveMachine machine() {
        return LiveMachine.at(Path.of("/"));
    }

    private Plan plan(Optional<Path> image) {
        return HostLab.plan(PausePin.plan(NodeFacts.of(machine()), Optional.of(config.toString()), image));
    }

    private List<String> checks() {
        return PauseCheck.of(NodeFacts.of(machine()), Optional.of(config.toString())).stream()
                .map((Finding f) -> f.severity().word() + " " + f.check())
                .toList();
    }
}
