package io.etcdmedic.runbook.servicecidr;

import static io.etcdmedic.runbook.servicecidr.Target.refused;

import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Request;
import io.etcdmedic.runbook.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The targets that are refused because the cluster would be worse off with them.
record Refusals(ServiceNetwork network, List<Cidr> target, Registry registry, Request request) {

    /// The risk that `--accept` takes when the first address is not in the certificate.
    static final String CERTIFICATE = "certificate";

    /// The risk that more Services than now are outside every range afterwards.
    static final String OUTSIDE = "outside";

    void pass() {
        families();
        moreServicesInside();
        dns();
        nodesAndPods();
        firstAddressFree();
    }

    private void families() {
        List<Cidr> now = network.defaultRange().map(ServiceNetwork::cidrs).orElse(List.of());
        if (!now.isEmpty() && now.getFirst().family() != target.getFirst().family()) {
            throw refused(
                    "the primary family would change from "
                            + now.getFirst().family().words() + " to "
                            + target.getFirst().family().words(),
                    "the same primary family",
                    "every Service would have to be made again: this is no repair");
        }
        if (now.size() == 2 && target.size() == 1) {
            List<Allocation> second = network.allocations().stream()
                    .filter(a -> a.address().family() != target.getFirst().family())
                    .toList();
            if (!second.isEmpty()) {
                throw refused(
                        second.size() + " addresses of Services are of the second family, " + some(second)
                                + " among them",
                        "no Service that uses the family that would go",
                        "run every kube-apiserver with both families: " + Cidr.join(now));
            }
        }
    }

    private void moreServicesInside() {
        List<Cidr> now = new ArrayList<>(network.readyExtras());
        network.defaultRange()
                .filter(r -> !r.isTerminating())
                .ifPresent(range -> now.addAll(ServiceNetwork.cidrs(range)));
        List<Allocation> outsideNow = ofOthers(network.outside(now));
        List<Allocation> outsideThen = ofOthers(network.outside(withExtras()));
        boolean all = !outsideThen.isEmpty()
                && outsideThen.size() == ofOthers(network.allocations()).size();
        boolean more =
                outsideThen.size() > outsideNow.size() && !request.accepted().contains(OUTSIDE);
        if (!now.isEmpty() && (all || more)) {
            throw refused(
                    "with " + Cidr.join(target) + " " + outsideThen.size()
                            + " addresses of Services would be outside every range, " + some(outsideThen)
                            + " among them; now it is " + outsideNow.size(),
                    "a range that holds more of them than the stored one",
                    "look at the Services' addresses; the range is the one that most of them are in"
                            + (all
                                    ? ""
                                    : ". If it is the right one all the same, --accept " + OUTSIDE
                                            + ": they work on, and get other addresses one by one afterwards"));
        }
    }

    /// Without Service `kubernetes`, which moves along.
    private static List<Allocation> ofOthers(List<Allocation> allocations) {
        return allocations.stream()
                .filter(a -> !a.service().title().equals("default/kubernetes"))
                .toList();
    }

    private List<Cidr> withExtras() {
        return Stream.concat(target.stream(), network.readyExtras().stream()).toList();
    }

    private void dns() {
        network.dns()
                .forEach(dns -> ServiceNetwork.clusterAddresses(dns).stream()
                        .filter(address -> withExtras().stream().noneMatch(c -> c.contains(address)))
                        .findFirst()
                        .ifPresent(address -> {
                            throw refused(
                                    "the DNS Service " + dns.title() + " has " + address + ", which is outside "
                                            + Cidr.join(target),
                                    "a range that holds it: every kubelet gives this address to its pods",
                                    "is the range right? If it is, make that Service again with the address that the"
                                            + " kubelets' clusterDNS says, and run this again");
                        }));
    }

    private void nodesAndPods() {
        for (Stored node : registry.all("minions/")) {
            Stream.concat(
                            node.document().text("spec", "podCIDR").stream(),
                            node.document().texts("spec", "podCIDRs").stream())
                    .flatMap(text -> Cidr.parse(text).stream())
                    .filter(pods -> target.stream().anyMatch(c -> c.overlaps(pods)))
                    .findFirst()
                    .ifPresent(pods -> {
                        throw refused(
                                Cidr.join(target) + " overlaps the pods of node " + node.name() + ": " + pods,
                                "a range that no pod or node uses",
                                "are the service range and the pod range swapped?");
                    });
            taken(
                    node.document().list("status", "addresses").stream().flatMap(a -> a.text("address").stream()),
                    "node " + node.name());
        }
        for (Stored pod : registry.all("pods/")) {
            taken(
                    pod.document().list("status", "podIPs").stream().flatMap(ip -> ip.text("ip").stream()),
                    "pod " + pod.title());
        }
    }

    private void taken(Stream<String> literals, String holder) {
        literals.flatMap(literal -> Address.parse(literal).stream())
                .filter(address -> target.stream().anyMatch(c -> c.contains(address)))
                .findFirst()
                .ifPresent(address -> {
                    throw refused(
                            address + " of " + holder + " is inside " + Cidr.join(target),
                            "a range that no pod or node uses",
                            "are the service range and the pod range swapped?");
                });
    }

    /// Without it Service `kubernetes` could not be made again, and the endpoints die within 15 s.
    void firstAddressFree() {
        holder(network, target.getFirst().first()).ifPresent(holder -> {
            throw refused(
                    target.getFirst().first() + ", the first address of " + Cidr.join(target) + ", belongs to "
                            + holder,
                    "the address that Service kubernetes needs to be free",
                    "give its owner another address first (it has to be made again)");
        });
    }

    /// A finalizer keeps a deleted object there for as long as its owner likes, and nothing takes the deletion
    /// back.
    void noFinalizer(Stored kubernetes) {
        List<String> finalizers = kubernetes.document().texts("metadata", "finalizers");
        if (!finalizers.isEmpty()) {
            throw refused(
                    "Service kubernetes " + (kubernetes.isTerminating() ? "is being deleted and " : "")
                            + "has finalizer "
                            + String.join(", ", finalizers)
                            + ": it could not be made again before somebody takes that away",
                    "none",
                    "whose is it? kubectl -n default patch service kubernetes --type merge -p"
                            + " '{\"metadata\":{\"finalizers\":null}}', then run this again");
        }
    }

    /// Who holds `address`, other than Service `kubernetes`.
    static Optional<String> holder(ServiceNetwork network, Address address) {
        Optional<String> service = network.allocations().stream()
                .filter(a -> a.address().equals(address))
                .map(a -> a.service().title())
                .filter(title -> !title.equals("default/kubernetes"))
                .map(title -> "Service " + title)
                .findFirst();
        return service.or(() -> Optional.ofNullable(network.addresses().get(address))
                .filter(stored -> !ServiceNetwork.parent(stored).equals("default/kubernetes"))
                .map(stored -> "an IPAddress of " + ServiceNetwork.owner(stored)));
    }

    void certificates(List<Certificate> shown) {
        Address first = target.getFirst().first();
        for (Certificate certificate : shown) {
            boolean there = certificate.names().stream()
                    .flatMap(name -> Address.parse(name).stream())
                    .anyMatch(first::equals);
            if (!there && !request.accepted().contains(CERTIFICATE)) {
                throw refused(
                        "the kube-apiserver's certificate (" + certificate.from() + ") does not name " + first
                                + "; it names " + String.join(", ", certificate.names()),
                        "a certificate that is good for the address that Service kubernetes will have",
                        "renew it first, or accept that pods will not trust it: --accept " + CERTIFICATE);
            }
        }
    }

    static String some(List<Allocation> allocations) {
        return allocations.stream()
                .limit(3)
                .map(a -> a.service().title() + " (" + a.address() + ")")
                .reduce((a, b) -> a + ", " + b)
                .orElse("none");
    }
}
