package io.etcdmedic.host.systemd;

import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The files that make up a service, in the order in which systemd reads them: the unit, then its drop-ins by name.
///
/// Source: systemd.unit(5), "Unit File Load Path"; systemd src/shared/dropin.c: of two drop-ins with one name the
/// folder of higher rank wins, and `a-b.service.d` comes before `a-.service.d` before `service.d`.
///
/// @param path of the unit itself
record UnitSources(String path, List<String> dropIns) {
    private static final List<String> FOLDERS = List.of(
            "/etc/systemd/system.control",
            "/run/systemd/system.control",
            "/run/systemd/transient",
            "/run/systemd/generator.early",
            "/etc/systemd/system",
            "/etc/systemd/system.attached",
            "/run/systemd/system",
            "/run/systemd/system.attached",
            "/run/systemd/generator",
            "/usr/local/lib/systemd/system",
            "/usr/lib/systemd/system",
            "/lib/systemd/system",
            "/run/systemd/generator.late");

    UnitSources {
        dropIns = List.copyOf(dropIns);
    }

    /// @param unit `kubelet.service`
    /// @return empty when no folder has it, it cannot be read, or a link to /dev/null or an empty file masks it
    static Optional<UnitSources> of(Machine machine, String unit) {
        return path(machine, unit)
                .filter(path -> machine.read(path) instanceof FileContent.Present file
                        && !file.text().isBlank())
                .map(path -> new UnitSources(path, dropIns(machine, unit)));
    }

    /// Why a unit that is there could not be read; empty when it could, is masked, or is not there.
    static Optional<String> trouble(Machine machine, String unit) {
        Optional<String> path = path(machine, unit);
        boolean masked = path.flatMap(machine::stat)
                .filter(file -> file.kind() == FileMeta.Kind.OTHER)
                .isPresent();
        return path.filter(_ -> !masked)
                .filter(p -> machine.read(p) instanceof FileContent.Unreadable)
                .map(p -> "the unit %s could not be read%s".formatted(p, why(machine.read(p))));
    }

    private static String why(FileContent content) {
        return content instanceof FileContent.Unreadable unreadable ? ": " + unreadable.why() : "";
    }

    /// The name in the folder of highest rank that has it, whatever it is.
    private static Optional<String> path(Machine machine, String unit) {
        return FOLDERS.stream()
                .filter(folder -> machine.stat(folder)
                        .flatMap(f -> machine.look(f.path() + "/" + unit))
                        .isPresent())
                .map(folder -> folder + "/" + unit)
                .findFirst();
    }

    List<String> texts(Machine machine) {
        List<String> texts = new ArrayList<>();
        texts.add(machine.read(path).textOrEmpty());
        dropIns.forEach(dropIn -> texts.add(machine.read(dropIn).textOrEmpty()));
        return texts;
    }

    private static List<String> dropIns(Machine machine, String unit) {
        TreeMap<String, String> byName = new TreeMap<>();
        for (String folder : dropInFolders(unit)) {
            for (String name : machine.list(folder)) {
                if (name.endsWith(".conf")) {
                    byName.putIfAbsent(name, folder + "/" + name);
                }
            }
        }
        return List.copyOf(byName.values());
    }

    private static Set<String> dropInFolders(String unit) {
        Set<String> folders = new LinkedHashSet<>();
        String stem = unit.substring(0, unit.length() - ".service".length());
        for (String folder : FOLDERS) {
            folders.add(folder + "/" + unit + ".d");
            for (int dash = stem.lastIndexOf('-'); dash > 0; dash = stem.lastIndexOf('-', dash - 1)) {
                folders.add(folder + "/" + stem.substring(0, dash + 1) + ".service.d");
            }
        }
        FOLDERS.forEach(folder -> folders.add(folder + "/service.d"));
        return folders;
    }
}
