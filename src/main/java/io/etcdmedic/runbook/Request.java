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
/// @param restart the command that restarts the kube-apiserver of this machine; empty: it is not restarted
public record Request(
        String argument, List<Cidr> target, Set<String> vouched, Set<String> accepted, List<String> restart) {
    public Request {
        target = List.copyOf(target);
        vouched = Set.copyOf(vouched);
        accepted = Set.copyOf(accepted);
        restart = List.copyOf(restart);
    }

    public static Request of(String argument) {
        return new Request(argument, List.of(), Set.of(), Set.of(), List.of());
    }

    public static Request target(List<Cidr> target) {
        return new Request("", target, Set.of(), Set.of(), List.of());
    }

    public Request vouching(Set<String> names) {
        return new Request(argument, target, names, accepted, restart);
    }

    public Request accepting(Set<String> risks) {
        return new Request(argument, target, vouched, risks, restart);
    }
}
