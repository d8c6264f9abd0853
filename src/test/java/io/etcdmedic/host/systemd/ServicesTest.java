package io.etcdmedic.host.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.RunsAs;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.node.facts.AnswerFromFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a service is by its files, and by what systemd says of it. That both agree is held on a real systemd by
/// `SystemdTest`.
class ServicesTest {
    private static final List<String> NAMES = List.of("kube-apiserver");

    @TempDir
    Path root = Path.of("");

    @Test
    void dropInsAreReadByNameAndTheFolderOfHigherRankWinsOneName() throws IOException {
        file("usr/lib/systemd/system/kube-apiserver.service", """
                [Unit]
                ExecStart=/no/section
                [Service]
                ExecStart=/bin/kube-apiserver --from=unit
                User=root
                """);
        file("etc/systemd/system/kube-apiserver.service.d/10-user.conf", "[Service]\nUser=kubernetes\n");
        file("usr/lib/systemd/system/kube-apiserver.service.d/10-user.conf", "[Service]\nUser=loser\n");
        file("run/systemd/system/kube-.service.d/20-group.conf", "[Service]\nSupplementaryGroups=certs tls\n");
        file("etc/systemd/system/kube-.service.d/10-user.conf", "[Service]\nUser=lessSpecific\n");
        file("etc/systemd/system/service.d/30-all.conf", "[Service]\nGroup=kube\nSupplementaryGroups=more\n");
        file("etc/systemd/system/kube-apiserver.service.d/99-start.conf", """
                [Service]
                ExecStart=
                ExecStart=/bin/kube-apiserver --from=%n \\
                # passed over
                ; so is this
                  --host=%H "--two words=100%%"
                """);
        file("etc/systemd/system/kube-apiserver.service.d/readme.txt", "[Service]\nUser=nobody\n");
        file("etc/hostname", "srv5\n");

        ServiceUnit unit = unit().orElseThrow();

        assertThat(unit.start())
                .containsExactly(List.of(
                        "/bin/kube-apiserver", "--from=kube-apiserver.service", "--host=srv5", "--two words=100%"));
        assertThat(unit.as()).isEqualTo(new RunsAs("kubernetes", Optional.of("kube"), List.of("certs", "tls", "more")));
        assertThat(unit.from()).isEqualTo("its files");
        assertThat(unit.dropIns())
                .containsExactly(
                        "/etc/systemd/system/kube-apiserver.service.d/10-user.conf",
                        "/run/systemd/system/kube-.service.d/20-group.conf",
                        "/etc/systemd/system/service.d/30-all.conf",
                        "/etc/systemd/system/kube-apiserver.service.d/99-start.conf");
    }

    @Test
    void anEmptyAssignmentTakesBackWhatCameBefore() throws IOException {
        file("etc/systemd/system/kube-apiserver.service", """
                [Service]
                User=kubernetes
                SupplementaryGroups=a b
                Environment=A=1
                EnvironmentFile=/etc/a.env
                ExecStartPre=/bin/first
                ExecStart=/bin/x $A ${A}2 $B $$A
                """);
        file("etc/a.env", "A=file\n");
        file("etc/systemd/system/kube-apiserver.service.d/z.conf", """
                [Service]
                User=
                SupplementaryGroups=
                SupplementaryGroups=c
                EnvironmentFile=
                EnvironmentFile=-/etc/b.env
                Environment=
                Environment="B=x 'y z'"
                ExecStartPre=
                ExecStartPre=-+/bin/second ; /bin/third
                """);
        file("etc/b.env", "# no\n; no\nA='one\\n'\"two\"\n");

        ServiceUnit unit = unit().orElseThrow();

        assertThat(unit.as()).isEqualTo(new RunsAs("root", Optional.empty(), List.of("c")));
        assertThat(unit.environment()).containsEntry("A", "one\\ntwo").containsEntry("B", "x 'y z'");
        assertThat(unit.start()).containsExactly(List.of("/bin/x", "onentwo", "one\\ntwo2", "x", "y z", "$A"));
        assertThat(unit.preStart()).containsExactly(List.of("/bin/second"), List.of("/bin/third"));
    }

    @Test
    void quotesAndEscapesGroup() throws IOException {
        file("etc/systemd/system/kube-apiserver.service", """
                [Service]
                ExecStart=:-/bin/x "a \\"b\\"" 'c $A' d\\x20e\\sf \\061 \\q "" ${A}
                Environment=A=1
                """);

        assertThat(unit().orElseThrow().start())
                .containsExactly(List.of("/bin/x", "a \"b\"", "c $A", "d e f", "1", "\\q", "", "${A}"));
    }

    @Test
    void aMaskedServiceDoesNotStart() throws IOException {
        file("usr/lib/systemd/system/kube-apiserver.service", "[Service]\nExecStart=/bin/x\n");
        Path mask = root.resolve("etc/systemd/system/kube-apiserver.service");
        Files.createDirectories(mask.resolveSibling(""));
        Files.createSymbolicLink(mask, Path.of("/dev/null"));
        assertThat(unit()).isEmpty();

        Files.delete(mask);
        Files.writeString(mask, "");
        assertThat(unit()).isEmpty();

        Files.delete(mask);
        assertThat(unit()).isPresent();
    }

    @Test
    void aUnitThatCannotBeReadIsSaid() throws IOException {
        Path unit = root.resolve("etc/systemd/system/kube-apiserver.service");
        Files.createDirectories(unit.resolveSibling(""));
        Files.createSymbolicLink(unit, Path.of("/nix/store/gone/kube-apiserver.service"));

        Services services = Services.of(LiveMachine.at(root), NAMES);

        assertThat(services.units()).isEmpty();
        assertThat(services.troubles())
                .singleElement()
                .satisfies(why -> assertThat(why)
                        .contains("kube-apiserver.service could not be read", "/nix, which is not there"));
    }

    @Test
    void systemdsAnswerCountsAndItsFilesSayWhereWordsEnd() throws IOException {
        file("etc/systemd/system/kube-apiserver.service", "[Service]\nExecStart=/bin/kube-apiserver '--a=x y' $B\n");
        ServiceUnit unit = shown("""
                ExecStart={ path=/bin/kube-apiserver ; argv[]=/bin/kube-apiserver --a=x y $B ; ignore_errors=no ; start_time=[n/a] ; pid=0 }
                Environment="B=one two"
                EnvironmentFiles=/etc/absent (ignore_errors=yes)
                User=kubernetes
                Group=
                SupplementaryGroups=certs tls
                Id=kube-apiserver.service
                LoadState=loaded
                FragmentPath=/etc/systemd/system/kube-apiserver.service
                DropInPaths=
                NeedDaemonReload=no
                """).orElseThrow();

        assertThat(unit.start()).containsExactly(List.of("/bin/kube-apiserver", "--a=x y", "one", "two"));
        assertThat(unit.as()).isEqualTo(new RunsAs("kubernetes", Optional.empty(), List.of("certs", "tls")));
        assertThat(unit.from()).isEqualTo("systemd");
        assertThat(unit.stale()).isFalse();
    }

    @Test
    void whatSystemdHasLoadedCountsWhenTheFilesChangedSince() throws IOException {
        file("etc/systemd/system/kube-apiserver.service", "[Service]\nExecStart=/bin/kube-apiserver --new\n");
        ServiceUnit unit = shown("""
                ExecStart={ path=/bin/kube-apiserver ; argv[]=/bin/kube-apiserver --old ; a ; ignore_errors=no ; start_time=[n/a] ; pid=0 }
                Id=kube-apiserver.service
                LoadState=loaded
                FragmentPath=/etc/systemd/system/kube-apiserver.service
                DropInPaths=
                NeedDaemonReload=yes
                """).orElseThrow();

        assertThat(unit.start()).containsExactly(List.of("/bin/kube-apiserver", "--old", ";", "a"));
        assertThat(unit.as().isRoot()).isTrue();
        assertThat(unit.stale()).isTrue();
    }

    @Test
    void aUnitThatSystemdMasksOrDoesNotKnowIsNone() throws IOException {
        file("etc/systemd/system/kube-apiserver.service", "[Service]\nExecStart=/bin/kube-apiserver --new\n");

        assertThat(shown("Id=kube-apiserver.service\nLoadState=masked\n")).isEmpty();
        assertThat(shown("Id=kube-apiserver.service\nLoadState=not-found\n")).isEmpty();
        assertThat(shown("Id=kube-apiserver.service\nLoadState=bad-setting\n")).isPresent();
    }

    @Test
    void withoutSystemdTheFilesCount() throws IOException {
        file("etc/systemd/system/kube-apiserver.service", "[Service]\nExecStart=/bin/kube-apiserver --new\n");
        for (ToolAnswer answer : List.of(
                new ToolAnswer.Ran(1, "", "System has not been booted with systemd as init system (PID 1).\n", false),
                new ToolAnswer.Missing("systemctl is not installed"),
                new ToolAnswer.TimedOut(Duration.ofSeconds(5)))) {
            assertThat(answered(answer))
                    .hasValueSatisfying(unit -> assertThat(unit.from()).isEqualTo("its files"));
        }
    }

    private Optional<ServiceUnit> shown(String answer) {
        return answered(new ToolAnswer.Ran(0, answer, "", false));
    }

    private Optional<ServiceUnit> answered(ToolAnswer answer) {
        Machine machine = new AnswerFromFile(LiveMachine.at(root), ShownUnit.question(NAMES), answer);
        return Services.of(machine, NAMES).named("kube-apiserver");
    }

    private Optional<ServiceUnit> unit() {
        return Services.of(LiveMachine.at(root), NAMES).named("kube-apiserver");
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }
}
