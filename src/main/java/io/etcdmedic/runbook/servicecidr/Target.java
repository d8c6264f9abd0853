package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.runbook.Request;
import java.util.ArrayList;
import java.util.List;

/// The service range that shall be: what every kube-apiserver runs with. It is found here, or refused.
///
/// @param notes what could not be checked over a snapshot
record Target(List<Cidr> range, List<String> notes) {
    private static final String DOING = "planning servicecidr";

    static Target find(ApiServers apiServers, Request request, boolean live) {
        List<String> notes = new ArrayList<>(apiServers.notes());
        if (!live) {
            if (request.target().isEmpty()) {
                throw new Failure.Usage(Problem.in(DOING)
                        .found("a snapshot does not say which range the kube-apiservers run with")
                        .hint("give --cidr RANGE"));
            }
            notes.add("a snapshot shows no process: that every kube-apiserver runs with " + Cidr.join(request.target())
                    + " is not checked here");
            return new Target(request.target(), notes);
        }
        agreeing(apiServers);
        List<Cidr> target = choose(apiServers, request);
        apiServers.facts().stream()
                .filter(fact -> fact.range().isPresent() && !fact.range().get().equals(target))
                .findFirst()
                .ifPresent(other -> {
                    throw refused(
                            "kube-apiserver " + other + " would make its own range again",
                            "every kube-apiserver with " + Cidr.join(target),
                            "set --service-cluster-ip-range=" + Cidr.join(target) + " there and restart it first");
                });
        apiServers.unknown().stream().findFirst().ifPresent(unknown -> {
            throw refused(
                    "kube-apiserver " + unknown + " cannot be seen from here",
                    "to know every kube-apiserver's range",
                    "look at its flags; if it runs with " + Cidr.join(target) + ", say so: --cidr " + Cidr.join(target)
                            + " --vouch " + unknown.name());
        });
        return new Target(target, notes);
    }

    private static void agreeing(ApiServers apiServers) {
        if (!apiServers.contradictions().isEmpty()) {
            throw refused(
                    String.join("; ", apiServers.contradictions()),
                    "the configuration and the process to say the same",
                    "restart the kube-apiserver first, with the range that is meant");
        }
        if (apiServers.ranges().size() > 1) {
            throw refused(
                    "the kube-apiservers run with different ranges: "
                            + String.join(
                                    "; ",
                                    apiServers.facts().stream()
                                            .map(ApiServerFact::toString)
                                            .toList()),
                    "one range: whichever makes the object first would win",
                    "set the same --service-cluster-ip-range on all of them and restart them first");
        }
    }

    private static List<Cidr> choose(ApiServers apiServers, Request request) {
        if (!request.target().isEmpty()) {
            if (apiServers.facts().isEmpty() && request.vouched().isEmpty()) {
                throw refused(
                        "no kube-apiserver is known: none is registered in etcd, and none runs on this machine",
                        "to know every kube-apiserver's range",
                        "start one, or name those that there are: --vouch ADDRESS");
            }
            return request.target();
        }
        if (apiServers.ranges().isEmpty()) {
            throw refused(
                    "the range that the kube-apiservers run with is not known",
                    "one that can be seen, or the operator's word",
                    "give --cidr RANGE and --vouch ADDRESS for each kube-apiserver");
        }
        return apiServers.ranges().getFirst();
    }

    static Failure refused(String found, String expected, String hint) {
        return new Failure.Refused(
                Problem.in(DOING).found(found).expected(expected).hint(hint));
    }
}
