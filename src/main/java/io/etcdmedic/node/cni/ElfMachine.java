package io.etcdmedic.node.cni;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.installation.UnitFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// For which processor a program was built: `e_machine` of its ELF header. Source: elf(5).
final class ElfMachine {
    private static final int HEADER_BYTES = 20;
    private static final Map<Integer, String> NAMES =
            Map.of(3, "386", 0x28, "arm", 0x3e, "amd64", 0xb7, "arm64", 0xf3, "riscv64", 0x15, "ppc64", 0x16, "s390x");

    /// Source: uname(2) of each architecture of Linux.
    private static final Map<String, String> UNAMES = Map.of(
            "x86_64", "amd64",
            "aarch64", "arm64",
            "armv7l", "arm",
            "i686", "386",
            "riscv64", "riscv64",
            "ppc64le", "ppc64",
            "s390x", "s390x");

    /// Programs that every machine has in one form or other, built for it.
    private static final List<String> SAMPLES = List.of(
            "/bin/sh", "/run/current-system/sw/bin/bash", "/usr/bin/env", "/usr/bin/containerd", "/usr/bin/dockerd");

    /// Where programs of the machine lie, those that its distribution put there first.
    private static final List<String> FOLDERS = List.of(
            "/usr/bin",
            "/bin",
            "/usr/sbin",
            "/sbin",
            "/run/current-system/sw/bin",
            "/nix/var/nix/profiles/system/sw/bin",
            "/lib64",
            "/var/lib/rancher/k3s/data/current/bin",
            "/var/lib/rancher/rke2/bin",
            "/usr/local/bin");

    /// Of a folder's files: scripts stand among the programs, but not that many.
    private static final int FILES_MAX = 50;

    private ElfMachine() {}

    /// Empty for what is no ELF file.
    static Optional<String> of(Bytes head) {
        if (head.length() < HEADER_BYTES || !head.slice(0, 4).equals(Bytes.hex("7f454c46"))) {
            return Optional.empty();
        }
        boolean little = head.at(5) != 2;
        int low = head.at(18) & 0xff;
        int high = head.at(19) & 0xff;
        int code = little ? high << 8 | low : low << 8 | high;
        return Optional.of(NAMES.getOrDefault(code, "machine " + code));
    }

    /// What the node itself is, by `uname`, its own programs or those that its services start; empty when nothing
    /// tells.
    static Optional<String> ofNode(Machine machine) {
        return first(machine, SAMPLES.stream())
                .or(() -> ofUname(machine))
                .or(() -> first(machine, started(machine)))
                .or(() -> first(
                        machine,
                        FOLDERS.stream()
                                .flatMap(folder -> machine.list(folder).stream()
                                        .limit(FILES_MAX)
                                        .map(name -> folder + "/" + name))));
    }

    private static Optional<String> first(Machine machine, Stream<String> paths) {
        return paths.map(machine::stat)
                .flatMap(Optional::stream)
                .filter(FileMeta::isFile)
                .map(meta -> machine.head(meta.path()))
                .flatMap(head -> head instanceof FileContent.Present present
                        ? of(present.bytes()).stream()
                        : Optional.<String>empty().stream())
                .findFirst();
    }

    private static Stream<String> started(Machine machine) {
        return UnitFile.services(machine).units().values().stream()
                .flatMap(unit -> unit.start().stream())
                .filter(argv -> !argv.isEmpty() && argv.getFirst().startsWith("/"))
                .map(List::getFirst);
    }

    private static Optional<String> ofUname(Machine machine) {
        return machine.run(ToolCall.of("uname", "-m")) instanceof ToolAnswer.Ran ran && ran.exitStatus() == 0
                ? Optional.ofNullable(UNAMES.get(ran.stdout().strip()))
                : Optional.empty();
    }
}
