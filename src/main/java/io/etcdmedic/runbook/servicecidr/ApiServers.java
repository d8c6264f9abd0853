package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.document.Document;
import io.etcdmedic.host.RunningProcess;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Part;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Source;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Request;
import io.etcdmedic.runbook.Scene;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which kube-apiservers there are, and with which service range each really runs.
///
/// Who there is: the union of `masterleases`, the Endpoints of Service `kubernetes`, the identity leases and the
/// processes on this machine.
/// What a process was started with is the truth; a unit or a manifest only says what will be.
///
/// @param contradictions configurations that say something else than the process that runs
record ApiServers(List<ApiServerFact> facts, List<String> contradictions, List<String> notes) {
    private static final String RANGE_FLAG = "service-cluster-ip-range";

    /// What kube-apiserver takes without the flag. Source: K8S pkg/kubeapiserver/options, DefaultServiceIPCIDR.
    static final List<Cidr> DEFAULT_RANGE = Cidr.parseAll("10.0.0.0/24");

    static ApiServers find(Scene scene, Registry registry, Request request) {
        Set<String> known = new LinkedHashSet<>();
        registry.keys("masterleases/").forEach(lease -> known.add(lastSegment(lease)));
        registry.get("services/endpoints/default/kubernetes")
                .ifPresent(endpoints -> known.addAll(addresses(endpoints.document())));
        List<Part> parts = scene.isLive() ? apiServerParts(scene) : List.of();
        List<ApiServerFact> facts = new ArrayList<>();
        List<String> contradictions = new ArrayList<>();
        Set<String> unseen = new LinkedHashSet<>(known);
        for (Part part : parts.stream().filter(ApiServers::runs).toList()) {
            String name = name(part, known, unseen);
            unseen.remove(name);
            facts.add(fact(name, part));
        }
        configured(parts, facts, contradictions, unseen);
        List<String> notes = new ArrayList<>();
        List<String> hosts = scene.isLive() ? Identities.elsewhere(scene, registry) : List.of();
        if (hosts.size() > unseen.size()) {
            // More of them live than are registered, and a host's name does not say which address is its own.
            unseen.addAll(hosts);
        }
        for (String name : unseen) {
            facts.add(
                    request.vouched().contains(name)
                            ? new ApiServerFact(
                                    name, Optional.of(request.target()), "the operator vouches for it", true)
                            : ApiServerFact.unknown(name, "it does not run on this machine"));
        }
        if (known.isEmpty() && hosts.isEmpty()) {
            notes.add("no kube-apiserver is registered in etcd: while Service kubernetes is absent, none can be");
        }
        return new ApiServers(facts, contradictions, notes);
    }

    static boolean runs(Part part) {
        return part.origin() == Part.Origin.PROCESS || part.origin() == Part.Origin.CONTAINER;
    }

    /// What a unit or manifest says counts only where nothing runs; else it must say the same.
    private static void configured(
            List<Part> parts, List<ApiServerFact> facts, List<String> contradictions, Set<String> unseen) {
        List<Part> files =
                parts.stream().filter(p -> !runs(p) && !p.argv().isEmpty()).toList();
        if (facts.isEmpty()) {
            for (Part part : files) {
                // Which of the registered ones it will be, it only says itself.
                String name = part.flags()
                        .get("advertise-address")
                        .filter(unseen::contains)
                        .orElse(part.where());
                unseen.remove(name);
                facts.add(fact(name, part));
            }
            return;
        }
        for (Part part : files) {
            ApiServerFact said = fact(part.where(), part);
            if (facts.stream().noneMatch(f -> f.range().equals(said.range()))) {
                contradictions.add(part.where() + " says "
                        + Cidr.join(said.range().orElse(DEFAULT_RANGE)) + ", and what runs says " + facts.getFirst());
            }
        }
    }

    private static ApiServerFact fact(String name, Part part) {
        Optional<String> flag = part.flags().get(RANGE_FLAG);
        List<Cidr> range = flag.map(Cidr::parseFlag).orElse(DEFAULT_RANGE);
        return new ApiServerFact(
                name, Optional.of(range), part.origin().words() + " " + part.where(), flag.isPresent());
    }

    private static String name(Part part, Set<String> known, Set<String> unseen) {
        Optional<String> advertised = part.flags()
                .get("advertise-address")
                .or(() -> part.flags().get("bind-address").filter(a -> !a.equals("0.0.0.0") && !a.equals("::")));
        if (advertised.isPresent() && (known.isEmpty() || known.contains(advertised.get()))) {
            return advertised.get();
        }
        return unseen.size() == 1 ? unseen.iterator().next() : advertised.orElse(part.where());
    }

    /// The kube-apiservers of this machine that use this etcd.
    static List<Part> apiServerParts(Scene scene) {
        Set<Integer> ports = ports(scene.keyspace().source());
        return scene.parts().stream()
                .filter(part -> part.component() == Component.APISERVER)
                .filter(part -> part.flags().list("etcd-servers").isEmpty()
                        || ports.isEmpty()
                        || part.flags().list("etcd-servers").stream().anyMatch(server -> ports.contains(port(server))))
                .toList();
    }

    /// The processes of those that run here.
    static List<Long> pids(Scene scene) {
        Set<String> here = apiServerParts(scene).stream()
                .filter(part -> part.origin() == Part.Origin.PROCESS)
                .map(Part::where)
                .collect(Collectors.toSet());
        return scene.machine().processes().stream()
                .map(RunningProcess::pid)
                .filter(pid -> here.contains("pid " + pid))
                .toList();
    }

    private static Set<Integer> ports(Source source) {
        return Arrays.stream(source.name().split("[,\\s]+"))
                .map(ApiServers::port)
                .filter(port -> port > 0)
                .collect(Collectors.toSet());
    }

    private static int port(String url) {
        try {
            return URI.create(url.contains("://") ? url : "etcd://" + url).getPort();
        } catch (IllegalArgumentException notAnAddress) {
            return -1;
        }
    }

    static String lastSegment(Key lease) {
        String key = lease.text();
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private static List<String> addresses(Document endpoints) {
        return endpoints.list("subsets").stream()
                .flatMap(subset -> subset.list("addresses").stream())
                .flatMap(address -> address.text("ip").stream())
                .toList();
    }

    List<ApiServerFact> unknown() {
        return facts.stream().filter(f -> f.range().isEmpty()).toList();
    }

    /// The ranges that are known, each once.
    List<List<Cidr>> ranges() {
        return facts.stream().flatMap(f -> f.range().stream()).distinct().toList();
    }
}
