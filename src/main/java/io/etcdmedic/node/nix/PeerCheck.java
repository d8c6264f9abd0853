package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The planned apiserver against those of other nodes, whose facts were saved there.
final class PeerCheck {
    private PeerCheck() {}

    static List<Finding> of(Planned planned, List<NodeFacts> others) {
        List<Finding> findings = new ArrayList<>();
        if (planned.has(APISERVER)) {
            for (NodeFacts other : others) {
                Flags theirs = other.unit(APISERVER).map(Part::flags).orElseGet(() -> other.flags(APISERVER));
                findings.addAll(compared(planned, other.machine().name(), theirs));
            }
        }
        return findings;
    }

    private static List<Finding> compared(Planned planned, String other, Flags theirs) {
        if (theirs.isEmpty()) {
            return List.of(Finding.unknown("nix/other-apiservers", other)
                    .evidence("no flags of a kube-apiserver are known there")
                    .consequence("Whether the two fit each other is not known.")
                    .cure("save them where it runs: medic node inspect --save DIR"));
        }
        List<Finding> findings = new ArrayList<>();
        for (FlagRule rule : FlagRule.of(APISERVER)) {
            String here = rule.value(planned.flags(APISERVER)).orElse("");
            String there = rule.value(theirs).orElse("");
            // Paths may differ where contents are alike.
            boolean counts = rule.relation() == FlagRule.Relation.MUST && rule.form() != FlagRule.Form.PATH;
            if (counts && !items(here).equals(items(there))) {
                findings.add(Finding.error(
                                "nix/other-apiservers",
                                planned.subject(APISERVER, rule.flag()) + planned.at(APISERVER, rule.flag()))
                        .evidence("here %s, on %s %s".formatted(shown(here), other, shown(there)))
                        .consequence("Two apiservers of one cluster that differ in this undo each other's work: "
                                + rule.why() + ".")
                        .cure(
                                there.isEmpty()
                                        ? "give it on both, or on none"
                                        : planned.assignment(APISERVER, rule.flag(), there) + " or the same there"));
            }
        }
        return findings;
    }

    private static Set<String> items(String value) {
        return new TreeSet<>(NixText.items(value));
    }

    private static String shown(String value) {
        return value.isEmpty() ? "nothing" : value;
    }
}
