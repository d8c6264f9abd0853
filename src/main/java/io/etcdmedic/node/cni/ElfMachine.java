package io.etcdmedic.node.cni;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// For which processor a program was built: `e_machine` of its ELF header. Source: elf(5).
final class ElfMachine {
    private static final int HEADER_BYTES = 20;
    private static final Map<Integer, String> NAMES =
            Map.of(3, "386", 0x28, "arm", 0x3e, "amd64", 0xb7, "arm64", 0xf3, "riscv64", 0x15, "ppc64", 0x16, "s390x");

    /// Programs that every machine has in one form or other, built for it.
    private static final List<String> SAMPLES = List.of(
            "/bin/sh", "/run/current-system/sw/bin/bash", "/usr/bin/env", "/usr/bin/containerd", "/usr/bin/dockerd");

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

    /// What the node itself is; empty when nothing tells.
    static Optional<String> ofNode(Machine machine) {
        return SAMPLES.stream()
                .map(machine::stat)
                .flatMap(Optional::stream)
                .filter(FileMeta::isFile)
                .map(meta -> machine.head(meta.path()))
                .flatMap(head -> head instanceof FileContent.Present present
                        ? of(present.bytes()).stream()
                        : Optional.<String>empty().stream())
                .findFirst();
    }
}
