package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A plan may come out of a file that somebody else wrote.
class MachineAccessTest {
    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/bin/sh -c true",
                "rm /etc/kubernetes/x",
                "/usr/bin/docker run --privileged -v /:/h alpine",
                "/usr/bin/docker restart a b",
                "/usr/bin/systemctl stop kube-apiserver.service",
                "/usr/bin/systemctl restart kube-apiserver.service sshd.service",
                "/usr/bin/crictl rm 0123",
                "/usr/bin/ctr --namespace k8s.io run x y",
                "RM /etc/shadow",
                "RM -rf /etc/kubernetes/x"
            })
    void whatMedicDoesNotGiveIsNotRun(String words) {
        String rm = Tools.find("rm").orElseThrow().toString();
        List<String> argv = List.of(words.replace("RM", rm).split(" ", -1));
        assertThatThrownBy(() -> new MachineAccess().run(argv)).isInstanceOf(Failure.Refused.class);
    }

    @Test
    void aProgramOfTheSameNameElsewhereIsAnotherProgram() throws IOException {
        Path doomed = Files.createFile(
                Files.createDirectories(folder.resolve("etc/kubernetes")).resolve("doomed"));
        Path copy = Files.copy(Tools.find("rm").orElseThrow(), folder.resolve("rm"));
        assertThat(copy.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(() -> new MachineAccess().run(List.of(copy.toString(), doomed.toString())))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("no program that a plan may run");
        assertThat(doomed).exists();
        String rm = Tools.find("rm").orElseThrow().toString();
        assertThat(new MachineAccess().run(List.of(rm, doomed.toString()))).isEmpty();
        assertThat(doomed).doesNotExist();
    }
}
