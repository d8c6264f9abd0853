package io.etcdmedic.installation;

import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.RunningProcess;
import io.etcdmedic.host.systemd.ServiceUnit;
import io.etcdmedic.host.systemd.Services;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// One look around a machine.
///
/// Trust goes from what runs (its flags are the truth) over what is configured (static pods, units) to what merely
/// lies there in a place that a distribution uses.
final class Discovery {
    private static final List<String> MANIFEST_FOLDERS = List.of(
            "/etc/kubernetes/manifests",
            "/var/lib/rancher/rke2/agent/pod-manifests",
            "/var/lib/rancher/k3s/agent/pod-manifests");
    private final Machine machine;
    private final Services services;
    private final Set<Distribution> distributions = EnumSet.noneOf(Distribution.class);
    private final List<Part> parts = new ArrayList<>();
    private final Set<EtcdAccess> access = new LinkedHashSet<>();
    private final List<String> notes = new ArrayList<>();

    Discovery(Machine machine, Services services) {
        this.machine = machine;
        this.services = services;
    }

    Installation look() {
        machine.processes().forEach(this::process);
        MANIFEST_FOLDERS.forEach(this::manifests);
        notes.addAll(services.troubles());
        for (Component component : Component.values()) {
            services.named(component.program()).ifPresent(unit -> unit(component, unit));
        }
        Layouts layouts = new Layouts(machine, distributions, notes);
        layouts.recognise();
        Stream.of(Rancher.values())
                .filter(rancher -> distributions.contains(rancher.distribution()))
                .forEach(this::rancher);
        parts.replaceAll(this::configured);
        parts.stream().map(EtcdFlags::access).flatMap(Optional::stream).forEach(access::add);
        access.addAll(layouts.etcdAccess());
        return new Installation(
                machine.name(),
                distributions,
                parts,
                List.copyOf(access),
                notes.stream().distinct().toList());
    }

    /// What runs, and the manifests that RKE2 writes for itself, tell more than the settings do.
    private void rancher(Rancher rancher) {
        RancherParts.Found found = RancherParts.of(machine, rancher);
        String manifests = found.dataFolder() + "/agent/pod-manifests";
        if (!MANIFEST_FOLDERS.contains(manifests)) {
            manifests(manifests);
        }
        notes.addAll(found.notes());
        found.parts().stream()
                .filter(part -> parts.stream().noneMatch(known -> known.component() == part.component()))
                .toList()
                .forEach(parts::add);
    }

    private Part configured(Part part) {
        ConfigFiles config = ConfigFiles.of(machine, part, UnaryOperator.identity());
        config.troubles()
                .forEach(trouble -> notes.add("%s is told to read %s: %s"
                        .formatted(part.component().program(), trouble.path(), trouble.why())));
        notes.addAll(config.notes());
        return part.with(config.flags());
    }

    private void process(RunningProcess process) {
        List<String> argv = process.argv();
        Component.ofProgram(process.program())
                .filter(c -> c != Component.ETCD
                        || argv.size() > 1
                        || !process.cgroup().isEmpty())
                .ifPresent(component -> parts.add(new Part(
                        component,
                        Part.Origin.PROCESS,
                        "pid " + process.pid(),
                        argv,
                        Flags.parse(argv.subList(1, argv.size())),
                        "",
                        Integer.toString(process.uid()))));
        String program = process.program();
        if (program.equals("k3s") || program.startsWith("k3s-")) {
            distributions.add(Distribution.K3S);
        } else if (program.equals("rke2")) {
            distributions.add(Distribution.RKE2);
        }
    }

    private void manifests(String folder) {
        for (String name : machine.list(folder)) {
            String path = folder + "/" + name;
            if (!name.endsWith(".yaml") && !name.endsWith(".yml")) {
                continue;
            }
            switch (machine.read(path)) {
                case FileContent.Present file -> manifest(path, file.text());
                case FileContent.Unreadable unreadable ->
                    notes.add("the static pod %s could not be read: %s".formatted(path, unreadable.why()));
                case FileContent.Absent _ -> {}
            }
        }
    }

    private void manifest(String path, String text) {
        Optional<StaticPod> pod = StaticPod.read(text);
        if (pod.isEmpty()) {
            notes.add("the static pod " + path + " names no command that could be read");
            return;
        }
        List<String> argv = pod.get().argv();
        argv.stream()
                .map(word -> Component.ofProgram(word.substring(word.lastIndexOf('/') + 1)))
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(component -> parts.add(new Part(
                        component,
                        Part.Origin.STATIC_POD,
                        path,
                        argv,
                        Flags.parse(argv),
                        pod.get().image(),
                        "")));
    }

    private void unit(Component component, ServiceUnit service) {
        UnitFile unit = UnitFile.of(machine, service);
        if (service.stale()) {
            notes.add(
                    "systemd has not read %s since it changed, and starts what it read before: systemctl daemon-reload"
                            .formatted(unit.path()));
        }
        List<String> argv = unit.execStart();
        Flags flags = argv.isEmpty() ? Flags.parse(List.of()) : Flags.parse(argv.subList(1, argv.size()));
        if (component == Component.ETCD) {
            flags = flags.orElse(Flags.ofEtcdEnvironment(unit.environment()));
        }
        parts.add(new Part(component, Part.Origin.UNIT, unit.path(), argv, flags, "", unit.as()));
    }
}
