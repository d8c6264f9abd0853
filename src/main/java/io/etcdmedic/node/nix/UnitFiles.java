package io.etcdmedic.node.nix;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.host.Machine;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.ConfigFiles;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.Part;
import io.etcdmedic.installation.UnitFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Unit files that were named one by one.
public final class UnitFiles {
    private UnitFiles() {}

    /// @param machine where the scripts lie that a unit starts
    /// @throws Failure.Unreachable when one cannot be read
    /// @throws Failure.Corrupt when one starts no part of Kubernetes
    public static Planned read(List<Path> files, Machine machine) {
        List<Part> parts = new ArrayList<>();
        for (Path file : files) {
            Part part = part(file, UnitFile.parse(machine, file.toString(), text(file)));
            parts.add(part.with(
                    ConfigFiles.of(machine, part, UnaryOperator.identity()).flags()));
        }
        return Planned.ofParts(
                String.join(", ", files.stream().map(Path::toString).toList()), parts);
    }

    private static Part part(Path file, UnitFile unit) {
        String program =
                unit.execStart().isEmpty() ? "" : unit.execStart().getFirst().replaceFirst("^.*/", "");
        Optional<Component> component = Component.ofProgram(program)
                .or(() -> Component.ofProgram(file.getFileName().toString().replaceFirst("\\.service$", "")));
        if (component.isEmpty() || unit.execStart().isEmpty()) {
            throw new Failure.Corrupt(
                    Problem.in("reading the unit " + file)
                            .found(unit.execStart().isEmpty() ? "it has no ExecStart" : "it starts " + program)
                            .expected(
                                    "a unit of etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubelet or kube-proxy"));
        }
        Flags flags = Flags.parse(unit.execStart().subList(1, unit.execStart().size()));
        if (component.get() == Component.ETCD) {
            flags = flags.orElse(Flags.ofEtcdEnvironment(unit.environment()));
        }
        return new Part(component.get(), Part.Origin.UNIT, file.toString(), unit.execStart(), flags, "", unit.as());
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > NixFiles.FILE_BYTES_MAX) {
                throw new Failure.Refused(Problem.in("reading the unit " + file)
                        .found("it has " + Files.size(file) + " bytes")
                        .expected("a unit file"));
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("reading the unit " + file).found(IoReason.of(e))).because(e);
        }
    }
}
