package io.etcdmedic.node.journey;

import io.etcdmedic.finding.Finding;
import java.util.List;
import java.util.stream.Collectors;

/// Whether a stage is reached.
///
/// @param evidence what was looked at, or what is in the way
/// @param todo what the operator does to get there; empty when it is reached
public record Verdict(boolean reached, String evidence, String todo) {
    static Verdict reached(String evidence) {
        return new Verdict(true, evidence, "");
    }

    static Verdict notYet(String evidence, String todo) {
        return new Verdict(false, evidence, todo);
    }

    /// Reached when no finding breaks.
    static Verdict of(List<Finding> findings, String good, String command) {
        List<Finding> broken = findings.stream().filter(Finding::breaks).toList();
        return broken.isEmpty()
                ? reached(good)
                : notYet(
                        broken.size() + " errors: "
                                + broken.stream()
                                        .limit(3)
                                        .map(f -> f.check() + " " + f.subject())
                                        .collect(Collectors.joining("; "))
                                + (broken.size() > 3 ? "; …" : ""),
                        broken.getFirst().cure().isEmpty()
                                ? command
                                : broken.getFirst().cure() + "; all of them: " + command);
    }
}
