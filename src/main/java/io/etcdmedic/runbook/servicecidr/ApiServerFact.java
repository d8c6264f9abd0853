package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.kubernetes.network.Cidr;
import java.util.List;
import java.util.Optional;

/// One kube-apiserver and the service range that it runs with.
///
/// @param name its address, or the process where no address is known
/// @param range empty: not known
/// @param evidence who says so
/// @param flagGiven whether the range was given; else it is kube-apiserver's default
record ApiServerFact(String name, Optional<List<Cidr>> range, String evidence, boolean flagGiven) {

    static ApiServerFact unknown(String name, String evidence) {
        return new ApiServerFact(name, Optional.empty(), evidence, false);
    }

    @Override
    public String toString() {
        return name + ": "
                + range.map(r -> Cidr.join(r) + (flagGiven ? "" : " (the default: the flag is not set)"))
                        .orElse("range unknown")
                + " (" + evidence + ")";
    }
}
