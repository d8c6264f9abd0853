package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The service network as etcd has it: ranges, Services, the addresses they hold.
///
/// @param ranges every ServiceCIDR, the default one among them
/// @param services every Service
/// @param allocations every address of every Service that has one (no headless, no ExternalName)
/// @param addresses the IPAddress objects by their address
record ServiceNetwork(
        List<Stored> ranges,
        List<Stored> services,
        List<Allocation> allocations,
        SequencedMap<Address, Stored> addresses) {
    static final String DEFAULT = "kubernetes";
    static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
    static final String ALLOCATOR = "ipallocator.k8s.io";

    static ServiceNetwork read(Registry registry) {
        List<Stored> services = registry.all("services/specs/");
        SequencedMap<Address, Stored> addresses = new LinkedHashMap<>();
        registry.all("ipaddresses/")
                .forEach(stored -> Address.parse(stored.name()).ifPresent(address -> addresses.put(address, stored)));
        return new ServiceNetwork(registry.all("servicecidrs/"), services, allocations(services), addresses);
    }

    /// One Service that cannot be read looks like none at all, and its address like nobody's.
    ///
    /// @throws Failure.Refused when a range, a Service or an IPAddress could not be decoded
    static void requireAll(Registry registry, String doing) {
        Stream.of("servicecidrs/", "services/specs/", "ipaddresses/")
                .map(folder -> registry.key(folder).display())
                .flatMap(folder -> registry.troubles().stream().filter(trouble -> trouble.startsWith(folder)))
                .findFirst()
                .ifPresent(trouble -> {
                    throw new Failure.Refused(Problem.in(doing)
                            .found(trouble)
                            .expected("to read every range, Service and IPAddress")
                            .hint("medic fix undecodable; where values are encrypted: --encryption-config FILE"));
                });
    }

    private static List<Allocation> allocations(List<Stored> services) {
        List<Allocation> found = new ArrayList<>();
        for (Stored service : services) {
            clusterAddresses(service).forEach(address -> found.add(new Allocation(service, address)));
        }
        return found;
    }

    static List<Address> clusterAddresses(Stored service) {
        if (service.document()
                .text("spec", "type")
                .filter("ExternalName"::equals)
                .isPresent()) {
            return List.of();
        }
        List<String> literals = service.document().texts("spec", "clusterIPs");
        Stream<String> all =
                literals.isEmpty() ? service.document().text("spec", "clusterIP").stream() : literals.stream();
        return all.flatMap(literal -> Address.parse(literal).stream()).toList();
    }

    Optional<Stored> defaultRange() {
        return ranges.stream().filter(r -> r.name().equals(DEFAULT)).findFirst();
    }

    List<Stored> extraRanges() {
        return ranges.stream().filter(r -> !r.name().equals(DEFAULT)).toList();
    }

    static List<Cidr> cidrs(Stored range) {
        return range.document().texts("spec", "cidrs").stream()
                .flatMap(text -> Cidr.parse(text).stream())
                .toList();
    }

    /// As the allocator sees it: a range without the condition counts as ready. Source: K8S cidrallocator.go:525.
    static boolean isReady(Stored range) {
        return !range.isTerminating()
                && range.document()
                        .text("status", "conditions", "type=Ready", "status")
                        .orElse("True")
                        .equals("True");
    }

    /// The extra ranges that the allocator uses.
    List<Cidr> readyExtras() {
        return extraRanges().stream()
                .filter(ServiceNetwork::isReady)
                .flatMap(r -> cidrs(r).stream())
                .toList();
    }

    /// Every range that the allocator uses, the default one among them.
    List<Cidr> readyRanges() {
        return ranges.stream()
                .filter(ServiceNetwork::isReady)
                .flatMap(r -> cidrs(r).stream())
                .toList();
    }

    Optional<Stored> kubernetes() {
        return service("default", "kubernetes");
    }

    Optional<Stored> service(String namespace, String name) {
        return services.stream()
                .filter(s -> s.namespace().equals(namespace) && s.name().equals(name))
                .findFirst();
    }

    /// The cluster's DNS, by its label, which every distribution sets: beside the one that pods ask there may be
    /// others (headless for metrics, `kube-dns-upstream` of a cache on each node).
    List<Stored> dns() {
        return services.stream()
                .filter(s -> s.namespace().equals("kube-system"))
                .filter(s -> s.document()
                                .text("metadata", "labels", "k8s-app")
                                .filter("kube-dns"::equals)
                                .isPresent()
                        || s.name().equals("kube-dns"))
                .toList();
    }

    List<Allocation> outside(List<Cidr> union) {
        return allocations.stream()
                .filter(a -> union.stream().noneMatch(c -> c.contains(a.address())))
                .toList();
    }

    List<Allocation> inside(List<Cidr> union) {
        return allocations.stream()
                .filter(a -> union.stream().anyMatch(c -> c.contains(a.address())))
                .toList();
    }

    /// `ADDRESS of ns/a and ns/b` for each address that two Services hold.
    List<String> duplicates() {
        Map<Address, List<String>> holders = new LinkedHashMap<>();
        allocations.forEach(a -> holders.computeIfAbsent(a.address(), _ -> new ArrayList<>())
                .add(a.service().title()));
        return holders.entrySet().stream()
                .filter(e -> e.getValue().size() > 1)
                .map(e -> e.getKey() + " of " + String.join(" and ", e.getValue()))
                .toList();
    }

    /// The addresses that two Services hold.
    Set<String> doubled() {
        return duplicates().stream()
                .map(text -> text.substring(0, text.indexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Managed IPAddresses whose Service is gone, or does not have that address.
    List<Stored> orphans() {
        Map<String, Set<Address>> held = new HashMap<>();
        allocations.forEach(a ->
                held.computeIfAbsent(a.service().title(), _ -> new TreeSet<>()).add(a.address()));
        return addresses.entrySet().stream()
                .filter(e -> isManaged(e.getValue()))
                .filter(e -> !held.getOrDefault(parent(e.getValue()), Set.of()).contains(e.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    static boolean isManaged(Stored ipAddress) {
        return ipAddress
                .document()
                .text("metadata", "labels", MANAGED_BY)
                .filter(ALLOCATOR::equals)
                .isPresent();
    }

    /// `namespace/name` of the Service that an IPAddress belongs to; with the resource before it where that is
    /// another (a Gateway may have one).
    static String parent(Stored ipAddress) {
        Document spec = ipAddress.document();
        String resource = spec.text("spec", "parentRef", "resource").orElse("services");
        return (resource.equals("services") ? "" : resource + " ")
                + spec.text("spec", "parentRef", "namespace").orElse("") + "/"
                + spec.text("spec", "parentRef", "name").orElse("");
    }

    /// Who an IPAddress belongs to, in words: `Service shop/web`, `gateways shop/front`.
    static String owner(Stored ipAddress) {
        String parent = parent(ipAddress);
        return parent.contains(" ") ? parent : "Service " + parent;
    }
}
