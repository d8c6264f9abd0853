package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What is stored, what is real, and how it came to differ, in sentences.
record Diagnosis(List<String> sentences) {

    static Diagnosis of(ServiceNetwork network, Registry registry, List<Cidr> target) {
        List<String> sentences = new ArrayList<>();
        network.defaultRange().ifPresent(stored -> {
            List<Cidr> now = ServiceNetwork.cidrs(stored);
            int inside = network.inside(now).size();
            sentences.add("the stored default ServiceCIDR is " + Cidr.join(now) + ": " + inside + " of "
                    + network.allocations().size() + " addresses of Services are inside it, and "
                    + network.inside(target).size() + " inside " + Cidr.join(target));
            if (!now.equals(target)) {
                sentences.add(cause(now, registry));
            }
        });
        network.duplicates().forEach(twice -> sentences.add("one address of two Services: " + twice));
        return new Diagnosis(List.copyOf(sentences));
    }

    private static String cause(List<Cidr> now, Registry registry) {
        if (now.equals(ApiServers.DEFAULT_RANGE)) {
            return "10.0.0.0/24 is the default of kube-apiserver and of NixOS's module: a kube-apiserver once ran"
                    + " without --service-cluster-ip-range";
        }
        if (holdsPods(now, registry)) {
            return "pods live in " + Cidr.join(now) + ": the service range and the pod range were swapped once";
        }
        return "a kube-apiserver once ran with --service-cluster-ip-range=" + Cidr.join(now);
    }

    private static boolean holdsPods(List<Cidr> ranges, Registry registry) {
        Stream<String> ofNodes = registry.all("minions/").stream()
                .flatMap(node -> node.document().text("spec", "podCIDR").stream())
                .map(text -> text.substring(0, Math.max(0, text.indexOf('/'))));
        Stream<String> ofPods = registry.all("pods/").stream()
                .filter(pod -> !pod.document().truth("spec", "hostNetwork").orElse(false))
                .map(Stored::document)
                .flatMap(pod -> pod.text("status", "podIP").stream());
        return Stream.concat(ofNodes, ofPods)
                .flatMap(literal -> Address.parse(literal).stream())
                .anyMatch(address -> ranges.stream().anyMatch(range -> range.contains(address)));
    }
}
