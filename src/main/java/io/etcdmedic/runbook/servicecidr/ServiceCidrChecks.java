package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.runbook.Decoder;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Stored;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The questions of the repair that need the whole service network.
///
/// Arguments: `prefix` is kube-apiserver's `--etcd-prefix`.
record ServiceCidrChecks(Decoder decoder, Clock clock) {
    /// `address`: no Service and no IPAddress holds it, but those of `default/kubernetes`.
    static final String FREE = "servicecidr.free";

    /// Service ↔ IPAddress one to one, none outside every ready range, no duplicates. `strays`: the Services that
    /// were outside before, comma-separated; `doubled`: the addresses that two Services had before; `orphans`: the
    /// IPAddresses that belonged to none.
    static final String ONE_TO_ONE = "servicecidr.one-to-one";

    /// The Endpoints of Service `kubernetes` are the live kube-apiservers.
    static final String ENDPOINTS = "servicecidr.endpoints";

    /// Since `from` (an instant) four minutes have gone by, and no event ClusterIPOutOfRange is newer than revision
    /// `revision`.
    static final String QUIET = "servicecidr.quiet";

    /// The Service `namespace`/`name` is there, inside the ready ranges, and with none of the addresses `old`.
    static final String RENUMBERED = "servicecidr.renumbered";

    /// A repair loop of kube-apiserver, and a little. Source: K8S instance.go, repairLoopInterval.
    private static final Duration REPAIR_LOOP = Duration.ofSeconds(200);

    Map<String, NamedCheck> byName() {
        return Map.of(
                FREE, this::free,
                ONE_TO_ONE, this::oneToOne,
                ENDPOINTS, this::endpoints,
                QUIET, this::quiet,
                RENUMBERED, this::renumbered);
    }

    private Registry registry(Keyspace keyspace, Revision at, Map<String, String> arguments) {
        return Registry.of(keyspace, at, decoder, arguments);
    }

    /// @throws io.etcdmedic.failure.Failure.Refused when something of it cannot be read
    private ServiceNetwork network(Keyspace keyspace, Revision at, Map<String, String> arguments) {
        Registry registry = registry(keyspace, at, arguments);
        ServiceNetwork network = ServiceNetwork.read(registry);
        ServiceNetwork.requireAll(registry, "reading the service network");
        return network;
    }

    private Optional<String> free(Keyspace keyspace, Revision at, Map<String, String> arguments) {
        ServiceNetwork network = network(keyspace, at, arguments);
        return Address.parse(arguments.getOrDefault("address", ""))
                .flatMap(address -> Refusals.holder(network, address));
    }

    private Optional<String> renumbered(Keyspace keyspace, Revision at, Map<String, String> arguments) {
        ServiceNetwork network = network(keyspace, at, arguments);
        Set<String> old = words(arguments, "old");
        String title = arguments.getOrDefault("namespace", "") + "/" + arguments.getOrDefault("name", "");
        List<Address> now = network.service(arguments.getOrDefault("namespace", ""), arguments.getOrDefault("name", ""))
                .map(ServiceNetwork::clusterAddresses)
                .orElse(List.of());
        boolean another = !now.isEmpty()
                && now.stream().noneMatch(address -> old.contains(address.toString()))
                && now.stream().allMatch(a -> network.readyRanges().stream().anyMatch(range -> range.contains(a)));
        return another ? Optional.empty() : Optional.of("Service " + title + " has " + now);
    }

    private Optional<String> oneToOne(Keyspace keyspace, Revision at, Map<String, String> arguments) {
        ServiceNetwork network = network(keyspace, at, arguments);
        return troubles(network, words(arguments, "strays"), words(arguments, "doubled"), words(arguments, "orphans"))
                .stream()
                .findFirst();
    }

    private static Set<String> words(Map<String, String> arguments, String name) {
        return Set.copyOf(Arrays.asList(arguments.getOrDefault(name, "").split(",")));
    }

    /// What is not as it should be between Services, IPAddresses and ranges.
    private static List<String> troubles(
            ServiceNetwork network, Set<String> strays, Set<String> doubled, Set<String> orphans) {
        List<String> found = new ArrayList<>(network.duplicates().stream()
                .filter(twice -> !doubled.contains(twice.substring(0, twice.indexOf(' '))))
                .toList());
        List<Cidr> ranges = network.readyRanges();
        Set<Address> held = new LinkedHashSet<>();
        for (Allocation allocation : network.allocations()) {
            held.add(allocation.address());
            Stored address = network.addresses().get(allocation.address());
            String title = allocation.service().title();
            if (strays.contains(title) || doubled.contains(allocation.address().toString())) {
                continue;
            }
            if (ranges.stream().noneMatch(range -> range.contains(allocation.address()))) {
                found.add(allocation.address() + " of Service " + title + " is outside every range");
            } else if (address == null) {
                found.add("Service " + title + " has no IPAddress " + allocation.address());
            } else if (!ServiceNetwork.parent(address).equals(title)) {
                found.add("IPAddress " + allocation.address() + " belongs to " + ServiceNetwork.owner(address)
                        + ", not to Service " + title);
            }
        }
        network.addresses().forEach((address, stored) -> {
            if (ServiceNetwork.isManaged(stored) && !held.contains(address) && !orphans.contains(address.toString())) {
                found.add("IPAddress " + address + " belongs to no Service that has it");
            }
        });
        return found;
    }

    private Optional<String> endpoints(Keyspace keyspace, Revision at, Map<String, String> arguments) {
        Registry registry = registry(keyspace, at, arguments);
        Set<String> served = new TreeSet<>();
        registry.get("services/endpoints/default/kubernetes")
                .map(Stored::document)
                .map(document -> document.list("subsets"))
                .orElse(List.of())
                .forEach(subset -> subset.list("addresses")
                        .forEach(address -> address.text("ip").ifPresent(served::add)));
        Set<String> live = new TreeSet<>();
        registry.keys("masterleases/").forEach(lease -> live.add(ApiServers.lastSegment(lease)));
        return served.equals(live) && !served.isEmpty()
                ? Optional.empty()
                : Optional.of("Endpoints of kubernetes are " + served + ", live kube-apiservers are " + live);
    }

    private Optional<String> quiet(Keyspace keyspace, Revision at, Map<String, String> arguments) {
        Instant until = Instant.parse(arguments.getOrDefault("from", "1970-01-01T00:00:00Z"))
                .plus(REPAIR_LOOP);
        long since = Long.parseLong(arguments.getOrDefault("revision", "0"));
        Optional<String> newer = registry(keyspace, at, arguments).all("events/").stream()
                .filter(event -> event.entry().modRevision().number() > since)
                .filter(event -> isOutOfRange(event.document(), arguments))
                .map(event ->
                        event.document().text("note").or(() -> event.document().text("message")))
                .map(text -> text.orElse("an event ClusterIPOutOfRange"))
                .findFirst();
        Instant now = clock.instant();
        return newer.or(() -> now.isBefore(until)
                ? Optional.of("the repair loop runs every 3 minutes: known at "
                        + until.truncatedTo(java.time.temporal.ChronoUnit.SECONDS))
                : Optional.empty());
    }

    private static boolean isOutOfRange(Document event, Map<String, String> arguments) {
        Set<String> strays = words(arguments, "strays");
        String about = event.text("regarding", "name")
                .or(() -> event.text("involvedObject", "name"))
                .orElse("");
        String namespace = event.text("regarding", "namespace")
                .or(() -> event.text("involvedObject", "namespace"))
                .orElse("");
        return event.text("reason").filter("ClusterIPOutOfRange"::equals).isPresent()
                && !strays.contains(namespace + "/" + about);
    }
}
