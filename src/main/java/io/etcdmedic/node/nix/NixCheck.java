package io.etcdmedic.node.nix;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.NodeObject;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `node nix check`: a module, or the units that came of one, against the node and against etcd.
public final class NixCheck {
    private NixCheck() {}

    /// What will be judged: a file, or a flake's folder.
    ///
    /// @param configuration the flake's configuration; empty for the only one
    /// @param host the host name to judge for; empty: what the configuration says
    /// @param evaluate whether nix may be used; else literals are read
    public record Subject(NixFiles files, String configuration, String host, boolean evaluate) {}

    public static Planned read(Subject subject) {
        if (!subject.evaluate() || !NixInstantiate.isInstalled()) {
            return Planned.of(LiteralReader.read(subject.files(), subject.host())
                    .with(List.of(Finding.unknown("nix/evaluation", "nix-instantiate")
                            .evidence(
                                    subject.evaluate()
                                            ? "it is not installed here: the files are read as far as literals allow"
                                            : "it was not to be used: the files are read as far as literals allow")
                            .consequence("What follows from functions, conditions and other modules is not seen.")
                            .cure("judge where nix is installed (on the node itself)"))));
        }
        ModuleEvaluation.Outcome outcome =
                ModuleEvaluation.of(subject.files(), subject.configuration(), subject.host());
        return Planned.of(outcome.configuration().orElseGet(() -> byLiterals(subject, outcome.findings())));
    }

    /// What nix refused, as far as literals go; a syntax error is told once.
    private static NixConfiguration byLiterals(Subject subject, List<Finding> refused) {
        NixConfiguration read = LiteralReader.read(subject.files(), subject.host());
        List<Finding> findings = new ArrayList<>(refused);
        read.findings().stream().filter(f -> !f.check().equals("nix/syntax")).forEach(findings::add);
        return new NixConfiguration(
                read.source(), read.method(), read.host(), read.options(), read.inputs(), read.sources(), findings);
    }

    /// @param others control-plane nodes whose apiservers the planned one must fit
    public static List<Finding> of(
            Planned planned, NodeFacts facts, Optional<ClusterFacts> cluster, List<NodeFacts> others) {
        List<Finding> findings = new ArrayList<>(of(planned, facts, cluster));
        if (!others.isEmpty()) {
            findings.removeIf(f -> f.check().equals("nix/other-apiservers"));
            findings.addAll(PeerCheck.of(planned, others));
        }
        return findings;
    }

    public static List<Finding> of(Planned planned, NodeFacts facts, Optional<ClusterFacts> cluster) {
        Judged judged = new Judged(planned, Reference.of(facts), facts, cluster);
        List<Finding> findings = new ArrayList<>(planned.findings());
        if (planned.flags().isEmpty()) {
            findings.add(nothing(planned));
            return findings;
        }
        List<String> unread = planned.unread();
        judgements(judged).stream()
                .filter(f -> unread.stream()
                        .noneMatch(o -> f.subject().equals(o) || f.subject().startsWith(o + " ")))
                .forEach(findings::add);
        if (findings.stream().allMatch(f -> f.severity() == Severity.OK || f.severity() == Severity.UNKNOWN)) {
            findings.add(Finding.ok("nix", planned.source())
                    .evidence("every flag of %d parts fits what %s"
                            .formatted(
                                    planned.flags().size(), judged.reference().words())));
        }
        return findings;
    }

    /// Only what could move Kubernetes' version, or build another one than is written.
    public static List<Finding> pin(Planned planned, NodeFacts facts) {
        List<Finding> findings = new ArrayList<>(planned.findings());
        findings.addAll(PackageCheck.of(new Judged(planned, Reference.of(facts), facts, Optional.empty())));
        return findings;
    }

    private static List<Finding> judgements(Judged judged) {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(RangeCheck.of(judged));
        findings.addAll(EtcdCheck.of(judged));
        findings.addAll(KubeletCheck.of(judged));
        findings.addAll(FlagCheck.of(judged));
        findings.addAll(CertificateCheck.of(judged));
        findings.addAll(ConnectionCheck.of(judged));
        findings.addAll(ModuleCheck.of(judged));
        findings.addAll(OptionCheck.of(judged));
        findings.addAll(PackageCheck.of(judged));
        findings.addAll(RemovedFlagCheck.of(judged));
        findings.addAll(missingParts(judged));
        otherApiservers(judged).ifPresent(findings::add);
        return findings;
    }

    private static Finding nothing(Planned planned) {
        boolean read = planned.findings().stream()
                .noneMatch(f -> f.breaks()
                        || f.severity() == Severity.UNKNOWN && f.check().startsWith("nix/"));
        String evidence = "no part of Kubernetes and no etcd is on in it";
        return read
                ? Finding.warning("nix/nothing", planned.source())
                        .evidence(evidence)
                        .consequence("The node would run nothing.")
                        .cure("name the module, or the flake, that configures services.kubernetes")
                : Finding.unknown("nix/nothing", planned.source())
                        .evidence(evidence + ", as far as it could be read")
                        .consequence("Nothing more can be judged.");
    }

    /// The other hosts' flags are not to be seen from here.
    private static Optional<Finding> otherApiservers(Judged judged) {
        List<String> others = judged.cluster().stream()
                .flatMap(c -> c.nodes().stream())
                .filter(NodeObject::isControlPlane)
                .map(NodeObject::name)
                .toList();
        return others.size() < 2 || !judged.planned().has(Component.APISERVER)
                ? Optional.empty()
                : Optional.of(Finding.unknown("nix/other-apiservers", String.join(", ", others))
                        .evidence("the cluster has %d control-plane nodes, and only this one's flags are seen"
                                .formatted(others.size()))
                        .consequence(
                                "Apiservers whose service range, issuer, keys or encryption differ undo each other's work.")
                        .cure("save theirs: medic node inspect --save DIR; then medic node nix check … --beside DIR"));
    }

    /// What runs today and is not on in the module.
    private static List<Finding> missingParts(Judged judged) {
        List<Finding> findings = new ArrayList<>();
        if (judged.reference().isKnown() && judged.planned().isWhole()) {
            judged.reference().flags().keySet().stream()
                    .filter(component -> !judged.planned().has(component))
                    .sorted()
                    .forEach(component -> findings.add(Finding.warning(
                                    "nix/missing-part",
                                    judged.nix().isPresent() ? FlagRule.enableOption(component) : component.program())
                            .evidence(component.program() + " runs on this node today, and is not on in "
                                    + (judged.nix().isPresent() ? "the module" : "its units"))
                            .consequence("The node would not run it any more.")
                            .cure(FlagRule.enableOption(component) + " = true;")));
        }
        return findings;
    }
}
