package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `.nix` files that nobody should have written: a finding or a clear error, never a crash, and nothing outside of
/// their folder is read.
class NixBadInputTest {
    private static final int DEEP = 100_000;

    @TempDir
    Path dir = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ services.etcd.enable = tru }",
                "let f = x: f (x ++ x); in f [ 1 ]",
                "{ config, ... }: { services.etcd.enable = true; services.etcd.name = config.services.etcd.name; }",
                "5",
                "{ services.etcd = 5; }",
                "{ services.kubernetes.kubelet.enable = true; systemd.services.kubelet.preStart = throw \"no\"; }",
                "{ services.etcd.enable = true; services.etcd.extraConf.HEARTBEAT_INTERVAL = 500; }",
                "{ services.kubernetes.featureGates.X = \"yes\"; services.kubernetes.apiserver.enable = true; }",
                "",
                "{",
                "\"${",
                "/* never closed"
            })
    void whatNixRefusesIsAnError(String text) throws IOException {
        List<Finding> findings = check(write("bad.nix", text), true);

        assertThat(findings).anyMatch(Finding::breaks);
        assertThat(findings).allSatisfy(f -> assertThat(f.evidence()).doesNotContain("medic-nix"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ imports = [ /etc/passwd ]; }",
                "{ imports = [ ../outside.nix ]; }",
                "{ imports = [ <nixos-hardware/lenovo> ]; services.etcd.name = builtins.readFile /etc/shadow; }",
                "{ services.etcd.name = builtins.readFile /etc/shadow; }",
                "{ services.etcd.name = builtins.readFile (builtins.fetchurl \"http://127.0.0.1:9/x\"); }",
                "{ imports = [ (builtins.fetchTarball \"http://127.0.0.1:9/x.tar.gz\") ]; }",
            })
    void whatLiesOutsideIsNotReadAndNotCalledBroken(String text) throws IOException {
        Files.writeString(dir.resolve("outside.nix"), "{ services.etcd.enable = true; }");

        List<Finding> findings = check(write("in/module.nix", text), true);

        assertThat(findings)
                .noneMatch(Finding::breaks)
                .anyMatch(f -> f.severity() == Severity.UNKNOWN
                        && List.of("nix/import", "nix/evaluation").contains(f.check()))
                .anyMatch(f -> f.severity() == Severity.UNKNOWN && f.check().equals("nix/nothing"))
                .allSatisfy(f -> assertThat(f.evidence()).doesNotContain("medic-nix", "root:x:0", "root:*"));
    }

    @Test
    void whatNixosItselfBringsIsNoTrouble() throws IOException {
        write(
                "hardware-configuration.nix",
                "{ config, lib, pkgs, modulesPath, ... }: {"
                        + " imports = [ (modulesPath + \"/installer/scan/not-detected.nix\") <nixpkgs/nixos/modules/x.nix> ];"
                        + " boot.initrd.availableKernelModules = [ \"nvme\" ]; swapDevices = [ ];"
                        + " hardware.cpu.intel.updateMicrocode = lib.mkDefault config.hardware.enableRedistributableFirmware; }");
        Path file = write(
                "configuration.nix",
                "{ imports = [ ./hardware-configuration.nix ./etcd ];"
                        + " networking.hostName = \"srv5\"; system.stateVersion = \"26.05\"; }");
        write(
                "etcd/default.nix",
                "{ pkgs, ... }: { services.etcd.enable = true; services.etcd.package = pkgs.etcd_3_5;"
                        + " environment.systemPackages = with pkgs; [ calicoctl ]; }");

        assertThat(check(file, true))
                .noneMatch(f -> f.check().equals("nix/evaluation") || f.check().equals("nix/import"))
                .anyMatch(f -> f.check().equals("nix/etcd-state"));
        assertThat(check(file, false)).anyMatch(f -> f.check().equals("nix/etcd-state"));
    }

    @Test
    void importsInACircleEnd() throws IOException {
        Path file = write("a.nix", "{ imports = [ ./b.nix ]; services.etcd.enable = true; }");
        write("b.nix", "{ imports = [ ./a.nix ]; services.etcd.initialClusterState = \"existing\"; }");

        for (boolean evaluate : List.of(true, false)) {
            assertThat(check(file, evaluate))
                    .noneMatch(f -> List.of("nix/evaluation", "nix/etcd-state", "nix/nothing")
                                    .contains(f.check())
                            && f.severity() != Severity.UNKNOWN);
        }
    }

    @ParameterizedTest
    @MethodSource("deep")
    void depthIsAFindingAndNoCrash(String text) throws IOException {
        Path file = write("deep.nix", text);

        List<Finding> read = check(file, false);

        assertThat(read)
                .anyMatch(f -> f.severity() == Severity.UNKNOWN && f.check().equals("nix/unread")
                        || f.check().equals("nix/nothing"));
    }

    static Stream<String> deep() {
        return Stream.of(
                "{ a = " + "[".repeat(DEEP) + "]".repeat(DEEP) + "; }",
                "{ a = " + "(".repeat(DEEP) + "1" + ")".repeat(DEEP) + "; }",
                "{a=".repeat(DEEP) + "1" + ";}".repeat(DEEP),
                "{ a = " + "!".repeat(DEEP) + "true; }",
                "{ a = " + "- ".repeat(DEEP) + "1; }",
                "x: ".repeat(DEEP) + "1",
                "let a = 1; in ".repeat(DEEP) + "1",
                "with x; ".repeat(DEEP) + "1",
                "{ a = \"" + "${\"".repeat(DEEP) + "\"}".repeat(DEEP) + "\"; }",
                "{ a = ''" + "${''".repeat(DEEP) + "''}".repeat(DEEP) + "''; }",
                "{ a" + ".b".repeat(DEEP) + " = 1; }",
                "{ a = x" + ".y".repeat(DEEP) + "; }",
                "{ a = " + "1 + ".repeat(DEEP) + "1; }",
                "{ a = f" + " 1".repeat(DEEP) + "; }",
                "{ a = " + "{ } // ".repeat(DEEP) + "{ }; }");
    }

    @Test
    void bytesThatAreNoTextAreAnError() throws IOException {
        byte[] program = Files.readAllBytes(Path.of("/proc/self/exe"));
        Path file = Files.write(dir.resolve("program.nix"), java.util.Arrays.copyOf(program, 20_000));

        for (boolean evaluate : List.of(true, false)) {
            assertThat(check(file, evaluate)).anyMatch(Finding::breaks);
        }
    }

    /// It runs until nix's time is up: half a minute.
    @Test
    @Tag("long")
    void anEvaluationThatDoesNotEndIsGivenUp() throws IOException {
        Path file = write(
                "endless.nix",
                "{ services.etcd.enable = true; services.etcd.name = toString (builtins.length"
                        + " (builtins.genericClosure { startSet = [ { key = 0; } ]; operator = i: [ { key = i.key + 1; } ]; })); }");

        assertThat(check(file, true))
                .anyMatch(f -> f.severity() == Severity.UNKNOWN && f.check().equals("nix/evaluation"))
                .anyMatch(f -> f.check().equals("nix/etcd-state"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=b c/x.nix", "a b.nix", "$(touch pwned).nix", "it's.nix", "-rf.nix", "\u00fc.nix"})
    void hostileNamesAreNames(String name) throws IOException {
        Path file = write(name, "{ services.etcd.enable = true; services.etcd.name = \"x\"; }");

        assertThat(check(file, true).stream().map(Finding::check))
                .contains("nix/etcd-state")
                .doesNotContain("nix/evaluation");
    }

    @Test
    void aHugeFileIsRefused() throws IOException {
        Path file = write("huge.nix", "# " + "x".repeat(3 << 20));

        assertThatThrownBy(() -> NixFiles.at(file))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("bytes");
        assertThatThrownBy(() -> NixFiles.at(dir.resolve("nothing"))).isInstanceOf(Failure.Unreachable.class);
        assertThatThrownBy(() -> NixFiles.at(dir)).isInstanceOf(Failure.Unreachable.class);
    }

    private Path write(String name, String text) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        return Files.writeString(file, text);
    }

    private List<Finding> check(Path file, boolean evaluate) throws IOException {
        NodeFacts nothing = NodeFacts.of(LiveMachine.at(Files.createDirectories(dir.resolve("no-node"))));
        return NixCheck.of(
                NixCheck.read(new NixCheck.Subject(NixFiles.at(file), "", "", evaluate)), nothing, Optional.empty());
    }
}
