package io.etcdmedic.installation;

import io.etcdmedic.host.Machine;
import io.etcdmedic.host.systemd.Services;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What Kubernetes and etcd run or lie on one machine.
///
/// @param source which machine was looked at
/// @param distributions every one of which something was found; a node in transition has two
/// @param parts what was found of each component, what runs first
/// @param etcdAccess ways to reach etcd, the most trustworthy first
/// @param notes what was found and is worth saying (a kine database instead of etcd, a file that could not be read)
public record Installation(
        String source,
        Set<Distribution> distributions,
        List<Part> parts,
        List<EtcdAccess> etcdAccess,
        List<String> notes) {
    public Installation {
        distributions = Set.copyOf(distributions);
        parts = List.copyOf(parts);
        etcdAccess = List.copyOf(etcdAccess);
        notes = List.copyOf(notes);
    }

    /// Looks at the machine we run on (`root` is `/`), or at the tree of another one below `root`.
    ///
    /// @throws io.etcdmedic.failure.Failure.Unreachable when `root` is no folder
    public static Installation below(Path root) {
        return of(io.etcdmedic.host.LiveMachine.at(root));
    }

    /// A machine with nothing on it.
    public static Installation nothing() {
        return new Installation("nowhere", Set.of(), List.of(), List.of(), List.of());
    }

    public static Installation of(Machine machine) {
        return of(machine, UnitFile.services(machine));
    }

    /// @param services what [UnitFile#services] says, asked once for everybody who needs it
    public static Installation of(Machine machine, Services services) {
        return new Discovery(machine, services).look();
    }

    /// The same machine, of which it is known from elsewhere that it has something of `distribution`.
    public Installation with(Distribution distribution) {
        Set<Distribution> more = EnumSet.of(distribution);
        more.addAll(distributions);
        return new Installation(source, more, parts, etcdAccess, notes);
    }

    /// The component as it runs now, or as the machine says it will run.
    public Optional<Part> part(Component component) {
        return parts.stream().filter(p -> p.component() == component).findFirst();
    }

    public List<Part> parts(Component component) {
        return parts.stream().filter(p -> p.component() == component).toList();
    }

    public boolean is(Distribution distribution) {
        return distributions.contains(distribution);
    }
}
