package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.host.Tools;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiServerRestartTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    @Test
    void asksWhoeverStartedIt() {
        expect("0::/system.slice/kube-apiserver.service", "systemctl", "restart", "kube-apiserver.service");
        expect("0::/system.slice/docker-" + ID + ".scope", "docker", "restart", ID);
        expect("12:pids:/docker/" + ID, "docker", "restart", ID);
        expect("0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-" + ID + ".scope", "crictl", "stop", ID);
        assertThat(ApiServerRestart.ofGroup("0::/user.slice/session-3.scope")).isEmpty();
    }

    /// The program where this machine has it, else nothing at all: never another one.
    private static void expect(String group, String program, String verb, String object) {
        assertThat(ApiServerRestart.ofGroup(group))
                .isEqualTo(Tools.find(program).map(Path::toString).map(path -> List.of(path, verb, object)));
    }
}
