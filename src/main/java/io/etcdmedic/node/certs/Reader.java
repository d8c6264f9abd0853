package io.etcdmedic.node.certs;

import io.etcdmedic.host.RunsAs;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A service that reads a file, and as whom it runs.
record Reader(Component component, RunsAs as) implements Comparable<Reader> {

    /// The service by its unit; before there is one, as the NixOS module will run it. Empty for root, who reads
    /// all.
    static Optional<Reader> of(NodeFacts facts, Component component) {
        return Optional.of(facts.unit(component)
                        .map(Reader::of)
                        .orElseGet(() -> new Reader(component, RunsAs.user(component.nixosUser()))))
                .filter(reader -> !reader.as().isRoot());
    }

    static Reader of(Part unit) {
        return new Reader(unit.component(), unit.as());
    }

    static Set<Reader> of(NodeFacts facts, Collection<Component> components) {
        return components.stream()
                .flatMap(component -> of(facts, component).stream())
                .collect(Collectors.toSet());
    }

    String user() {
        return as.user();
    }

    @Override
    public int compareTo(Reader other) {
        int byService = component.compareTo(other.component);
        return byService != 0 ? byService : as.toString().compareTo(other.as.toString());
    }
}
