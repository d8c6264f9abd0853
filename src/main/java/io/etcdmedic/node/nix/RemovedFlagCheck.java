package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.KUBELET;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.version.KubernetesVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Flags that the planned version no longer knows: the process ends at start.
final class RemovedFlagCheck {
    private RemovedFlagCheck() {}

    static List<Finding> of(Judged judged) {
        List<Finding> findings = new ArrayList<>();
        Optional<KubernetesVersion> version = PackageCheck.planned(judged);
        for (Component component : Component.values()) {
            if (component == Component.ETCD || !judged.planned().has(component)) {
                continue;
            }
            for (String flag : judged.planned().flags(component).values().keySet()) {
                FlagRule.of(component, flag)
                        .filter(rule -> !rule.removed().isEmpty())
                        .map(rule -> finding(judged, rule, version))
                        .ifPresent(findings::add);
            }
        }
        return findings;
    }

    private static Finding finding(Judged judged, FlagRule rule, Optional<KubernetesVersion> version) {
        boolean gone = version.map(
                        v -> !v.isBefore(KubernetesVersion.parse(rule.removed()).orElseThrow()))
                .orElse(false);
        boolean pause = rule.component() == KUBELET && rule.flag().equals("pod-infra-container-image");
        Finding begun = gone
                ? judged.error("nix/removed-flag", rule.component(), rule.flag())
                : judged.warning("nix/removed-flag", rule.component(), rule.flag());
        return begun.evidence("--%s is gone since %s; planned is %s"
                        .formatted(
                                rule.flag(),
                                rule.removed(),
                                version.map(KubernetesVersion::toString).orElse("a version that cannot be told here")))
                .consequence(rule.component().program() + " ends at start: \"unknown flag: --" + rule.flag() + "\".")
                .cure(
                        pause
                                ? "use a nixpkgs whose kubelet module has PR 470971 (December 2025), or keep the kubelet below 1.35"
                                : "take it out");
    }
}
