package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.CONTROLLER_MANAGER;
import static io.etcdmedic.installation.Component.KUBELET;
import static io.etcdmedic.installation.Component.PROXY;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.NodeObject;
import io.etcdmedic.node.cluster.ServiceObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Addresses: the service range, the pod range, and the name server.
final class RangeCheck {
    private static final String RANGE = "service-cluster-ip-range";

    /// The module's default, and kube-apiserver's own.
    static final String DEFAULT_SERVICES = "10.0.0.0/24";

    static final String DEFAULT_PODS = "10.1.0.0/16";
    private final Judged judged;
    private final List<Finding> findings = new ArrayList<>();

    private RangeCheck(Judged judged) {
        this.judged = judged;
    }

    static List<Finding> of(Judged judged) {
        RangeCheck check = new RangeCheck(judged);
        if (judged.planned().has(APISERVER)) {
            check.services();
            check.controllerManager();
        }
        check.pods();
        check.names();
        return check.findings;
    }

    private String planned() {
        return judged.planned().flag(APISERVER, RANGE).orElse(DEFAULT_SERVICES);
    }

    private void services() {
        List<Cidr> ranges = ranges(planned());
        if (ranges.isEmpty()) {
            findings.add(judged.error("nix/service-range", APISERVER, RANGE)
                    .evidence("'" + planned() + "' is no range in its canonical form")
                    .consequence("kube-apiserver ends at start.")
                    .cure(judged.planned().assignment(APISERVER, RANGE, wanted().orElse("10.43.0.0/16"))));
            return;
        }
        Optional<String> wanted = wanted();
        if (wanted.isPresent() && !wanted.get().equals(planned())) {
            findings.add(wrongRange(wanted.get()));
        }
        overlaps(ranges);
        judged.cluster()
                .ifPresent(cluster -> outside(
                        cluster, ranges, wanted.isPresent() && !wanted.get().equals(planned())));
    }

    /// The range that the cluster uses: what its apiserver says today, else what etcd holds.
    private Optional<String> wanted() {
        Optional<String> stored = judged.cluster()
                .flatMap(ClusterFacts::serviceRanges)
                .filter(ranges -> !ranges.isEmpty() && holdsServices(ranges))
                .map(ranges -> String.join(",", ranges));
        return judged.reference().isKnown()
                ? judged.reference().serviceRange().or(() -> stored)
                : stored.or(() -> judged.reference().serviceRange());
    }

    /// A ServiceCIDR that most Services are outside of is the accident itself, not the measure.
    private boolean holdsServices(List<String> stored) {
        List<Cidr> ranges = stored.stream().flatMap(r -> Cidr.parse(r).stream()).toList();
        List<Address> addresses = judged.cluster().stream()
                .flatMap(c -> c.services().stream())
                .flatMap(s -> s.addresses().stream())
                .flatMap(a -> Address.parse(a).stream())
                .toList();
        long inside = addresses.stream()
                .filter(a -> ranges.stream().anyMatch(r -> r.contains(a)))
                .count();
        return inside * 2 > addresses.size();
    }

    private Finding wrongRange(String wanted) {
        Optional<String> pods = judged.reference().podRange();
        boolean swapped = pods.filter(planned()::equals).isPresent();
        boolean unset = !judged.planned().isChosen(APISERVER, RANGE);
        String how = swapped
                ? "it is the pod range: the two are swapped"
                : unset ? "it is not set, and " + planned() + " is the default" : "it is set to " + planned();
        return judged.error("nix/service-range", APISERVER, RANGE)
                .evidence("%s; the cluster uses %s%s".formatted(how, wanted, spread()))
                .consequence(consequence(planned(), wanted))
                .cure(judged.planned().assignment(APISERVER, RANGE, wanted))
                .cause(unset ? "so it comes about: the option is left out when the apiserver first starts" : "");
    }

    /// One sentence for a range that was left at its default.
    static String consequence(String planned, String wanted) {
        return ("The kube-apiserver would make %s the cluster's service range (from Kubernetes 1.33 on it writes it into etcd"
                        + " as the ServiceCIDR \"kubernetes\" at its first start), every Service in %s would be outside of it and"
                        + " unprotected, new Services would get addresses in %s, and only a repair in etcd would take it back.")
                .formatted(planned, wanted, planned);
    }

    private String spread() {
        return judged.cluster()
                .map(c -> {
                    List<Cidr> ranges = ranges(planned());
                    long all = c.services().stream()
                            .mapToLong(s -> s.addresses().size())
                            .sum();
                    long outside =
                            outsiders(c, ranges).stream().mapToLong(s -> 1).sum();
                    return "; %d of %d addresses of Services are outside of %s".formatted(outside, all, planned());
                })
                .orElse("");
    }

    private void outside(ClusterFacts cluster, List<Cidr> ranges, boolean said) {
        List<ServiceObject> outsiders = outsiders(cluster, ranges);
        if (!outsiders.isEmpty() && !said) {
            findings.add(judged.warning("nix/service-range", APISERVER, RANGE)
                    .evidence("%d Services have addresses outside of %s, among them %s (%s)"
                            .formatted(
                                    outsiders.size(),
                                    planned(),
                                    outsiders.getFirst().title(),
                                    String.join(", ", outsiders.getFirst().addresses())))
                    .consequence("Nothing protects these addresses against being given away twice.")
                    .cure("medic fix servicecidr --cidr " + planned() + " --dry-run"));
        }
        cluster.serviceRanges()
                .filter(stored -> !String.join(",", stored).equals(planned()) && !said)
                .ifPresent(stored -> findings.add(judged.error("nix/service-cidr", APISERVER, RANGE)
                        .evidence("etcd's ServiceCIDR \"kubernetes\" says %s, the apiserver will be started with %s"
                                .formatted(String.join(",", stored), planned()))
                        .consequence("The apiserver only reports the difference, and gives new Services addresses in "
                                + String.join(",", stored) + ".")
                        .cure("medic fix servicecidr --cidr " + planned())));
    }

    private static List<ServiceObject> outsiders(ClusterFacts cluster, List<Cidr> ranges) {
        return cluster.services().stream()
                .filter(s -> s.addresses().stream()
                        .flatMap(a -> Address.parse(a).stream())
                        .anyMatch(a -> ranges.stream().noneMatch(r -> r.contains(a))))
                .toList();
    }

    private void overlaps(List<Cidr> services) {
        for (Cidr pods : ranges(String.join(",", plannedPods()))) {
            services.stream()
                    .filter(pods::overlaps)
                    .findFirst()
                    .ifPresent(range -> findings.add(judged.error("nix/overlap", APISERVER, RANGE)
                            .evidence("the service range %s and the pod range %s overlap".formatted(range, pods))
                            .consequence("A Service and a pod can have one address, and traffic goes astray.")
                            .cure("give them ranges that share nothing")));
        }
        for (NodeObject node : judged.cluster().map(ClusterFacts::nodes).orElse(List.of())) {
            node.podRanges().stream()
                    .flatMap(r -> Cidr.parse(r).stream())
                    .filter(pods -> services.stream().anyMatch(pods::overlaps))
                    .forEach(pods -> findings.add(judged.error("nix/overlap", APISERVER, RANGE)
                            .evidence("the pods of the Node %s have %s, inside of %s"
                                    .formatted(node.name(), pods, planned()))
                            .consequence("A Service and a pod can have one address, and traffic goes astray.")
                            .cure("choose a range without the pods' addresses")));
            node.addresses().stream()
                    .flatMap(a -> Address.parse(a).stream())
                    .filter(a -> services.stream().anyMatch(r -> r.contains(a)))
                    .forEach(a -> findings.add(judged.error("nix/overlap", APISERVER, RANGE)
                            .evidence("the address %s of the Node %s is inside of %s"
                                    .formatted(a, node.name(), planned()))
                            .consequence("A Service can be given a node's address, and the node is cut off.")
                            .cure("choose a range without the nodes' addresses")));
        }
    }

    private void controllerManager() {
        if (!judged.planned().has(CONTROLLER_MANAGER)) {
            return;
        }
        Optional<String> theirs = judged.planned().flag(CONTROLLER_MANAGER, RANGE);
        boolean allocates = judged.planned()
                .flag(CONTROLLER_MANAGER, "allocate-node-cidrs")
                .map(NixText::isTrue)
                .orElse(false);
        if (theirs.isEmpty() && allocates) {
            findings.add(judged.warning("nix/controller-manager-range", CONTROLLER_MANAGER, RANGE)
                    .evidence("the module has no option for it, and extraOpts does not give it")
                    .consequence("The controller manager may give a node a pod range inside the service range.")
                    .cure(judged.planned().assignment(CONTROLLER_MANAGER, RANGE, planned())));
        } else if (theirs.isPresent() && !theirs.get().equals(planned())) {
            findings.add(judged.error("nix/controller-manager-range", CONTROLLER_MANAGER, RANGE)
                    .evidence("the controller manager gets %s, the apiserver %s".formatted(theirs.get(), planned()))
                    .consequence("The controller manager keeps pod ranges out of the wrong range.")
                    .cure(judged.planned().assignment(CONTROLLER_MANAGER, RANGE, wanted().orElse(planned()))));
        } else if (theirs.isPresent() && judged.nix().isPresent() && !isWrittenOnce()) {
            findings.add(judged.warning("nix/controller-manager-range", CONTROLLER_MANAGER, RANGE)
                    .evidence("it is typed by hand, %s, beside the apiserver's option".formatted(theirs.get()))
                    .consequence("Changed in one place only, the two drift apart, and nothing says so.")
                    .cure("write it once: --service-cluster-ip-range="
                            + "${config.services.kubernetes.apiserver.serviceClusterIpRange}"));
        }
    }

    /// Whether the controller manager's flag is taken from the apiserver's option.
    private boolean isWrittenOnce() {
        return judged.nix().orElseThrow().sources().stream()
                .anyMatch(text -> text.contains(
                        "--service-cluster-ip-range=${config.services.kubernetes.apiserver.serviceClusterIpRange}"));
    }

    /// The pod ranges of all parts that are told one.
    private Set<String> plannedPods() {
        Set<String> ranges = new TreeSet<>();
        for (Component component : List.of(CONTROLLER_MANAGER, PROXY)) {
            judged.planned().flag(component, "cluster-cidr").ifPresent(ranges::add);
        }
        return ranges;
    }

    private void pods() {
        for (Component component : List.of(CONTROLLER_MANAGER, PROXY)) {
            Optional<String> planned =
                    judged.planned().flag(component, "cluster-cidr").filter(p -> !p.isEmpty());
            Optional<String> wanted = judged.reference()
                    .flag(component, "cluster-cidr")
                    .or(() -> judged.reference().podRange());
            boolean isKnown = findings.stream()
                    .anyMatch(f ->
                            f.check().equals("nix/pod-range") && f.evidence().contains(planned.orElse("")));
            if (planned.isPresent() && wanted.isPresent() && !planned.equals(wanted) && !isKnown) {
                findings.add(podRange(component, planned.get(), wanted.get()));
            }
        }
    }

    private Finding podRange(Component component, String planned, String wanted) {
        boolean isDefault = planned.equals(DEFAULT_PODS);
        return judged.error("nix/pod-range", component, "cluster-cidr")
                .evidence("%s; %s %s"
                        .formatted(
                                isDefault ? "the module's default, " + planned : "it is " + planned,
                                judged.reference().words(),
                                wanted))
                .consequence("New nodes get pod ranges outside of what the CNI routes, and kube-proxy takes pods'"
                        + " traffic for foreign.")
                .cure("services.kubernetes.clusterCidr = " + NixText.string(wanted) + ";");
    }

    private void names() {
        if (!judged.planned().has(KUBELET)) {
            return;
        }
        List<Cidr> ranges = ranges(judged.planned().has(APISERVER) ? planned() : wanted().orElse(""));
        Optional<String> service = judged.cluster()
                .flatMap(ClusterFacts::dns)
                .flatMap(s -> s.addresses().stream().findFirst());
        List<String> all = judged.reference().flags(KUBELET).all("cluster-dns").stream()
                .flatMap(given -> NixText.items(given).stream())
                .toList();
        Optional<String> today = all.stream().findFirst();
        List<String> servers = judged.planned().flags(KUBELET).list("cluster-dns");
        if (servers.isEmpty() && today.isPresent()) {
            findings.add(names("nothing", "is given as the cluster's name server", service.or(() -> today)));
        }
        for (String dns : servers) {
            Optional<Address> address = Address.parse(dns);
            boolean isNodeLocal = dns.startsWith("169.254.") && all.contains(dns);
            if (isNodeLocal) {
                continue; // RKE1's dns.nodelocal: a cache on every node, at an address outside of all ranges
            }
            if (address.isEmpty()) {
                findings.add(names(dns, "is no address", service.or(() -> today)));
            } else if (ranges.stream().anyMatch(r -> r.first().equals(address.get()))) {
                findings.add(names(dns, "is the address of the Service kubernetes", service.or(() -> today)));
            } else if (!ranges.isEmpty() && ranges.stream().noneMatch(r -> r.contains(address.get()))) {
                findings.add(
                        names(dns, "is outside of the service range " + Cidr.join(ranges), service.or(() -> today)));
            } else if (service.isPresent() && !service.get().equals(dns)) {
                findings.add(names(dns, "is not the address of the cluster's name server, " + service.get(), service));
            } else if (service.isEmpty() && today.isPresent() && !all.contains(dns)) {
                findings.add(names(dns, "differs: " + judged.reference().words() + " " + today.get(), today));
            }
        }
    }

    private Finding names(String dns, String what, Optional<String> right) {
        return judged.error("nix/cluster-dns", KUBELET, "cluster-dns")
                .evidence(dns + " " + what)
                .consequence("Pods that start on this node can look up no name.")
                .cure(judged.planned().assignment(KUBELET, "cluster-dns", right.orElse("10.43.0.10")));
    }

    private static List<Cidr> ranges(String text) {
        return NixText.items(text).stream().flatMap(t -> Cidr.parse(t).stream()).toList();
    }
}
