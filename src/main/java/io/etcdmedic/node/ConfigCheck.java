package io.etcdmedic.node;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.ConfigFiles;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Whether each unit finds the configuration files that it is told to read, and may be told so.
public final class ConfigCheck {
    private static final String RULE = "inspect/config";
    private static final String ALPHA = "KUBELET_CONFIG_DROPIN_DIR_ALPHA";

    private ConfigCheck() {}

    public static List<Finding> of(NodeFacts facts) {
        List<Finding> findings = new ArrayList<>();
        for (Component component : Component.values()) {
            facts.unit(component).ifPresent(unit -> {
                ConfigFiles.of(facts.machine(), unit, UnaryOperator.identity())
                        .troubles()
                        .forEach(trouble -> findings.add(unread(unit, trouble)));
            });
        }
        facts.unit(Component.KUBELET).flatMap(unit -> alpha(facts, unit)).ifPresent(findings::add);
        return findings;
    }

    private static Finding unread(Part unit, ConfigFiles.Trouble trouble) {
        if (IoReason.isDenied(trouble.why())) {
            return Finding.unknown(RULE, trouble.path())
                    .evidence(trouble.why())
                    .consequence("What %s is told by it is not known."
                            .formatted(unit.component().program()))
                    .cure("run it as root");
        }
        return Finding.error(RULE, trouble.path())
                .evidence("%s is told to read it (%s), and: %s"
                        .formatted(unit.component().program(), unit.where(), trouble.why()))
                .consequence("%s ends at start.".formatted(unit.component().program()))
                .cure("write the file anew, or take the flag that names it out of the unit");
    }

    /// Source: kubernetes.io, kubelet-config-file: 1.28 and 1.29 want the variable, 1.30 and later do not.
    private static Optional<Finding> alpha(NodeFacts facts, Part kubelet) {
        Optional<String> folder = kubelet.flags().get("config-dir");
        boolean wants = kubelet.version()
                .filter(version -> version.startsWith("1.28.") || version.startsWith("1.29."))
                .isPresent();
        boolean told = facts.service("kubelet")
                .filter(unit -> unit.environment().containsKey(ALPHA))
                .isPresent();
        return folder.filter(_ -> wants && !told)
                .map(path -> Finding.error(RULE, kubelet.where())
                        .evidence("--config-dir=%s is given to kubelet %s without the variable %s"
                                .formatted(path, kubelet.version().orElse(""), ALPHA))
                        .consequence("The kubelet ends at start: before 1.30 the folder is an alpha feature.")
                        .cure("set Environment=%s=1 in the unit".formatted(ALPHA)));
    }
}
