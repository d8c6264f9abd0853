package io.etcdmedic.node;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.Machine;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.facts.Container;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Whether the facts are of one machine: an answer of `docker inspect` that was kept may be another node's.
public final class IdentityCheck {
    private static final String RULE = "inspect/docker";

    private IdentityCheck() {}

    public static List<Finding> of(NodeFacts facts) {
        List<String> against = new ArrayList<>();
        Machine machine = facts.machine();
        Optional<String> host = facts.hostName().map(name -> name.toLowerCase(Locale.ROOT));
        for (Container container : facts.docker().found()) {
            String name = container.hostname().toLowerCase(Locale.ROOT);
            // Docker writes its own id there for a container with a network of its own.
            if (host.isPresent() && !name.isEmpty() && !name.matches("[0-9a-f]{12}") && !isSame(name, host.get())) {
                against.add("container %s was made on host %s, and this one is %s"
                        .formatted(container.name(), container.hostname(), host.get()));
            }
            container.part().ifPresent(part -> missing(machine, part).ifPresent(against::add));
        }
        if (against.isEmpty()) {
            return List.of();
        }
        return List.of(Finding.error(RULE, facts.docker().from())
                .evidence(String.join("; ", against.stream().distinct().toList()))
                .consequence("The containers are another node's: names, addresses and flags taken from them would make"
                        + " this node pose as that one.")
                .cure("take docker inspect on this node; --docker-inspect FILE of the right node"));
    }

    /// Docker splits the domain off a host name that has one. Source: moby daemon/container_operations.go.
    private static boolean isSame(String name, String host) {
        boolean oneIsShort = name.indexOf('.') < 0 || host.indexOf('.') < 0;
        return name.equals(host) || oneIsShort && label(name).equals(label(host));
    }

    private static String label(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /// etcd's own certificate carries the node's address in its name.
    private static Optional<String> missing(Machine machine, Part part) {
        boolean hasFiles = !machine.list(NodeFacts.SSL).isEmpty();
        return part.flags()
                .get("cert-file")
                .filter(file -> hasFiles && file.startsWith(NodeFacts.SSL) && !machine.exists(file))
                .map(file -> "container %s names %s, which is not here".formatted(part.where(), file));
    }
}
