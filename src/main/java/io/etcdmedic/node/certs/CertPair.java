package io.etcdmedic.node.certs;

import io.etcdmedic.host.Machine;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// NAME.pem and NAME-key.pem of RKE1's folder; either may be missing.
record CertPair(String stem, CertRole role, PemFile cert, PemFile key) {

    /// The pairs in [NodeFacts#SSL] whose names RKE1 gave.
    static List<CertPair> all(Machine machine) {
        TreeSet<String> stems = new TreeSet<>();
        for (String name : machine.list(NodeFacts.SSL)) {
            if (name.endsWith("-key.pem")) {
                stems.add(name.substring(0, name.length() - "-key.pem".length()));
            } else if (name.endsWith(".pem")) {
                stems.add(name.substring(0, name.length() - ".pem".length()));
            }
        }
        List<CertPair> pairs = new ArrayList<>();
        for (String stem : stems) {
            CertRole.ofStem(stem)
                    .ifPresent(role -> pairs.add(new CertPair(
                            stem,
                            role,
                            PemFile.read(machine, NodeFacts.SSL + "/" + stem + ".pem"),
                            PemFile.read(machine, NodeFacts.SSL + "/" + stem + "-key.pem"))));
        }
        return pairs;
    }
}
