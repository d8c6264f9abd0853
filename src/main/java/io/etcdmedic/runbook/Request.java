package io.etcdmedic.runbook;

import io.etcdmedic.kubernetes.network.Cidr;
import java.util.List;
import java.util.Set;

/// What the operator asked a runbook for.
///
/// @param argument the object's name, for a runbook that takes one; empty: none
/// @param target the service range that shall be; empty: what the kube-apiservers run with
/// @param vouched names of kube-apiservers that cannot be seen and that, the operator says, run with `target`
/// @param accepted names of risks that the operator takes: `certificate`
public record Request(String argument, List<Cidr> target, Set<String> vouched, Set<String> accepted) {
    public Request {
        target = List.copyOf(target);
        vouched = Set.copyOf(vouched);
        accepted = Set.copyOf(accepted);
    }

    public static Request of(String argument) {
        return new Request(argument, List.of(), Set.of(), Set.of());
    }

    public static Request target(List<Cidr> target) {
        return new Request("", target, Set.of(), Set.of());
    }

    public Request vouching(Set<String> names) {
        return new Request(argument, target, names, accepted);
    }

    public Request accepting(Set<String> risks) {
        return new Request(argument, target, vouched, risks);
    }
}
