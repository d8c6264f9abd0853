package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.host.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApiServerRestartTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    @Test
    void asksWhoeverStartedIt() {
        expect("0::/system.slice/kube-apiserver.service", "systemctl", "restart", "kube-apiserver.service");
        expect("0::/system.slice/docker-" + ID + ".scope", "docker", "restart", ID);
        expect("12:pids:/docker/" + ID, "docker", "restart", ID);
        expectOfPod("0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-" + ID + ".scope", true);
        expectOfPod("12:pids:/kubepods/burstable/pod0d1c/" + ID, true);
        expectOfPod("0::/kubepods.slice/kubepods-burstable.slice/crio-" + ID + ".scope", false);
        assertThat(ApiServerRestart.ofGroup("0::/user.slice/session-3.scope")).isEmpty();
    }

    /// `crictl` where this machine has it, else containerd's own tool, where it is containerd's.
    private static void expectOfPod(String group, boolean containerd) {
        Optional<List<String>> crictl =
                Tools.find("crictl").map(path -> List.of(path.toString(), "stop", "--timeout", "60", ID));
        Optional<List<String>> ctr = Tools.find("ctr")
                .filter(_ -> containerd)
                .map(path -> List.of(path.toString(), "--namespace", "k8s.io", "task", "kill", ID));
        assertThat(ApiServerRestart.ofGroup(group)).isEqualTo(crictl.or(() -> ctr));
    }

    /// The program where this machine has it, else nothing at all: never another one.
    private static void expect(String group, String program, String verb, String object) {
        assertThat(ApiServerRestart.ofGroup(group))
                .isEqualTo(Tools.find(program).map(Path::toString).map(path -> List.of(path, verb, object)));
    }
}
