package io.etcdmedic.node.facts;

import io.etcdmedic.host.Accounts;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.systemd.Services;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.ConfigFiles;
import io.etcdmedic.installation.Distribution;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.Installation;
import io.etcdmedic.installation.Part;
import io.etcdmedic.installation.UnitFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is known of the node: read once, judged by every check.
///
/// @param services systemd's, as they start now
/// @param old the parts that RKE1 runs or ran (containers, processes), the reference for the module
/// @param docker RKE1's containers
public record NodeFacts(
        Machine machine,
        Services services,
        Installation installation,
        Accounts accounts,
        List<Part> old,
        DockerContainers docker) {
    public static final String SSL = "/etc/kubernetes/ssl";
    private static final Pattern ETCD_CERTIFICATE =
            Pattern.compile("kube-etcd-(\\d{1,3})-(\\d{1,3})-(\\d{1,3})-(\\d{1,3})\\.pem");

    public static NodeFacts of(Machine machine) {
        Services services = UnitFile.services(machine);
        Installation installation = Installation.of(machine, services);
        DockerContainers docker = DockerContainers.of(machine);
        List<Part> old = new ArrayList<>(docker.found().stream()
                .flatMap(container -> container.part().map(part -> configured(machine, container, part)).stream())
                .toList());
        installation.parts().stream()
                .filter(p -> p.origin() == Part.Origin.PROCESS && !isNixStore(p))
                .filter(p -> old.stream().noneMatch(known -> known.component() == p.component()))
                .forEach(old::add);
        Installation whole = isRke1(old) ? installation.with(Distribution.RKE1) : installation;
        return new NodeFacts(machine, services, whole, Accounts.of(machine), List.copyOf(old), docker);
    }

    /// RKE1's files may lie elsewhere (prefix_path): its containers, and the names that its parts have for its
    /// files, speak of it, too.
    private static boolean isRke1(List<Part> old) {
        return old.stream()
                .anyMatch(part -> part.origin() == Part.Origin.CONTAINER
                        || part.flags().values().values().stream()
                                .anyMatch(values -> values.contains(SSL + "/kube-ca.pem")));
    }

    private static Part configured(Machine machine, Container container, Part part) {
        return part.with(ConfigFiles.of(machine, part, container::onHost).flags());
    }

    /// Everything that was found, RKE1's containers first.
    public List<Part> everyPart() {
        return Stream.concat(
                        old.stream().filter(part -> part.origin() == Part.Origin.CONTAINER),
                        installation.parts().stream())
                .toList();
    }

    public Optional<Part> old(Component component) {
        return old.stream().filter(p -> p.component() == component).findFirst();
    }

    /// Whether the node runs the component, or will; any where it is not known what RKE1 ran.
    public boolean mayRun(Component component) {
        return old.isEmpty() || old(component).isPresent() || unit(component).isPresent();
    }

    /// Where the host has what RKE1's container of the component knows as `path`.
    public String onHost(Component component, String path) {
        return container(component).map(c -> c.onHost(path)).orElse(path);
    }

    /// What RKE1 gave the component, with the paths of the host; no flags when it gave nothing.
    public Flags hostFlags(Component component) {
        Flags flags = old(component).map(Part::flags).orElse(Flags.parse(List.of()));
        return container(component).map(c -> c.onHost(flags)).orElse(flags);
    }

    private Optional<Container> container(Component component) {
        return docker.found().stream()
                .filter(c -> c.part().filter(p -> p.component() == component).isPresent())
                .findFirst();
    }

    /// The unit that the NixOS module made, where the machine has one.
    public Optional<Part> unit(Component component) {
        return installation.parts(component).stream()
                .filter(p -> p.origin() == Part.Origin.UNIT)
                .findFirst();
    }

    /// A service of systemd's: `kubelet`, `containerd`.
    public Optional<UnitFile> service(String name) {
        return services.named(name).map(unit -> UnitFile.of(machine, unit));
    }

    /// What RKE1 gave the component; without it, what runs or is configured.
    public Flags flags(Component component) {
        return old(component)
                .or(() -> installation.part(component))
                .map(Part::flags)
                .orElse(Flags.parse(List.of()));
    }

    public Optional<String> serviceRange() {
        return flags(Component.APISERVER).get("service-cluster-ip-range");
    }

    public Optional<String> podRange() {
        return flags(Component.CONTROLLER_MANAGER)
                .get("cluster-cidr")
                .or(() -> flags(Component.PROXY).get("cluster-cidr"));
    }

    /// The address that RKE1 issued the node's etcd certificate for, else the one that the apiserver advertises.
    public Optional<String> address() {
        return machine.list(SSL).stream()
                .map(ETCD_CERTIFICATE::matcher)
                .filter(Matcher::matches)
                .filter(NodeFacts::isAddress)
                .map(m -> String.join(".", m.group(1), m.group(2), m.group(3), m.group(4)))
                .filter(this::isOwn)
                .findFirst()
                .or(() -> flags(Component.APISERVER).get("advertise-address"));
    }

    /// The names under which the kubelet of this machine registers, or did; empty when nothing says so.
    public Set<String> nodeNames() {
        Set<String> names = new TreeSet<>();
        everyPart().stream()
                .filter(part -> part.component() == Component.KUBELET)
                .flatMap(part -> part.flags().get("hostname-override").stream())
                .forEach(names::add);
        hostName().ifPresent(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    /// What /etc/hostname says.
    public Optional<String> hostName() {
        return machine.read("/etc/hostname")
                .textOrEmpty()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .findFirst();
    }

    /// Addresses that are this machine's by what its parts are told.
    public Set<String> ownAddresses() {
        Set<String> addresses = new TreeSet<>();
        address().ifPresent(addresses::add);
        everyPart().forEach(part -> {
            addresses.addAll(part.flags().list("node-ip"));
            part.flags().get("advertise-address").ifPresent(addresses::add);
        });
        return addresses;
    }

    /// RKE1 copies the etcd certificates of every member to every control-plane node (the keys, too): the flags of
    /// the running etcd say which is this node's.
    private boolean isOwn(String address) {
        Optional<String> cert = flags(Component.ETCD).get("cert-file");
        return cert.isEmpty() || cert.get().contains(address.replace('.', '-'));
    }

    private static boolean isAddress(Matcher name) {
        return Stream.of(1, 2, 3, 4).allMatch(i -> Integer.parseInt(name.group(i)) < 256);
    }

    private static boolean isNixStore(Part part) {
        return !part.argv().isEmpty() && part.argv().getFirst().startsWith("/nix/store/");
    }
}
