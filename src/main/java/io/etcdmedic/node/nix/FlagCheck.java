package io.etcdmedic.node.nix;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Flag by flag: what RKE1 gave, and what the module gives.
final class FlagCheck {
    /// Judged by checks of their own, which say more.
    private static final Set<String> ELSEWHERE = Set.of(
            "kube-apiserver service-cluster-ip-range",
            "kube-controller-manager service-cluster-ip-range",
            "kube-controller-manager cluster-cidr",
            "kube-proxy cluster-cidr",
            "kube-proxy hostname-override",
            "kubelet hostname-override",
            "kubelet root-dir",
            "kubelet cluster-dns",
            "kubelet tls-cert-file",
            "kubelet tls-private-key-file",
            "etcd name",
            "etcd initial-advertise-peer-urls",
            "etcd initial-cluster",
            "etcd initial-cluster-state",
            "etcd data-dir",
            "etcd advertise-client-urls",
            "etcd enable-v2",
            "kube-apiserver etcd-servers");

    private static final Set<String> LISTS =
            Set.of("authorization-mode", "enable-admission-plugins", "disable-admission-plugins", "feature-gates");
    /// Given several times they add up, or (root-dir) the module has no option of its own for them.
    private static final Set<String> ADDED = Set.of(
            "v",
            "root-dir",
            "node-labels",
            "oidc-required-claim",
            "register-with-taints",
            "requestheader-allowed-names",
            "requestheader-extra-headers-prefix",
            "requestheader-group-headers",
            "requestheader-username-headers",
            "tls-cipher-suites",
            "tls-sni-cert-key");

    /// `how long Events are kept`: what the flag decides, and not what happens.
    private static final Pattern INDIRECT = Pattern.compile("(who|how|what|which|where|when|whether|in which) ");

    private final Judged judged;
    private final List<Finding> findings = new ArrayList<>();

    private FlagCheck(Judged judged) {
        this.judged = judged;
    }

    static List<Finding> of(Judged judged) {
        FlagCheck check = new FlagCheck(judged);
        for (Component component : Component.values()) {
            if (judged.planned().has(component)) {
                check.component(component);
                check.twice(component);
            }
        }
        return check.findings;
    }

    private void component(Component component) {
        Flags today = judged.reference().flags(component);
        for (String flag : today.values().keySet()) {
            if (ELSEWHERE.contains(component.program() + " " + flag)) {
                continue;
            }
            Optional<FlagRule> rule = FlagRule.of(component, flag);
            if (rule.isEmpty()) {
                unclassed(component, flag, today);
            } else if (rule.get().form() != FlagRule.Form.DROP) {
                compare(rule.get(), rule.get().value(today).orElse(""));
            }
        }
    }

    private void unclassed(Component component, String flag, Flags today) {
        if (!judged.planned().flags(component).has(flag)) {
            findings.add(judged.warning("nix/flag", component, flag)
                    .evidence("%s --%s=%s, which no rule classes, and the module does not give it"
                            .formatted(
                                    judged.reference().words(),
                                    flag,
                                    today.get(flag).orElse("")))
                    .consequence("What it did is lost, whatever that was.")
                    .cure("decide; to keep it, "
                            + judged.planned()
                                    .assignment(component, flag, today.get(flag).orElse(""))));
        }
    }

    private void compare(FlagRule rule, String today) {
        Optional<String> planned = rule.value(judged.planned().flags(rule.component()));
        if (planned.filter(p -> same(rule, p, today)).isPresent()) {
            return;
        }
        String now = planned.map(p -> p.isEmpty() ? "nothing" : p).orElse("nothing");
        String evidence =
                "%s --%s=%s, the module gives %s".formatted(judged.reference().words(), rule.flag(), today, now);
        switch (rule.relation()) {
            case MUST ->
                findings.add(judged.error(check(rule), rule.component(), rule.flag())
                        .evidence(evidence)
                        .consequence(sentence(rule))
                        .cure(judged.planned().assignment(rule.component(), rule.flag(), today)));
            case SHOULD ->
                findings.add(judged.warning(check(rule), rule.component(), rule.flag())
                        .evidence(evidence)
                        .consequence(sentence(rule))
                        .cure(
                                rule.flag().startsWith("cluster-signing-")
                                        ? "sign requests by hand, where kube-ca-key.pem is kept: the user kubernetes must not have it"
                                        : judged.planned().assignment(rule.component(), rule.flag(), today)));
            case MAY, DROP -> {}
        }
    }

    private static String check(FlagRule rule) {
        String flag = rule.flag();
        if (flag.startsWith("requestheader-") || flag.startsWith("proxy-client-")) {
            return "nix/aggregation";
        }
        if (flag.contains("service-account") || flag.equals("api-audiences")) {
            return "nix/service-account";
        }
        return switch (flag) {
            case "encryption-provider-config" -> "nix/encryption";
            case "admission-control-config-file", "enable-admission-plugins", "disable-admission-plugins" ->
                "nix/admission";
            default -> flag.startsWith("audit-") ? "nix/audit" : "nix/flag";
        };
    }

    private static String sentence(FlagRule rule) {
        if (rule.flag().equals("encryption-provider-config")) {
            return "The apiserver cannot read a single encrypted Secret, and what it writes is no longer encrypted.";
        }
        if (INDIRECT.matcher(rule.why()).lookingAt()) {
            return "It changes " + rule.why() + ".";
        }
        return rule.why().isEmpty()
                ? rule.component().program() + " behaves differently."
                : rule.why().substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                        + rule.why().substring(1) + ".";
    }

    private static boolean same(FlagRule rule, String planned, String today) {
        if (rule.isSequence()) {
            return NixText.items(planned).containsAll(NixText.items(today));
        }
        if (LISTS.contains(rule.flag())) {
            Set<String> left = new HashSet<>(NixText.items(planned));
            return rule.flag().equals("enable-admission-plugins")
                    ? left.containsAll(AdmissionPlugins.thatMatter(NixText.items(today)))
                    : left.equals(new HashSet<>(NixText.items(today)));
        }
        if (planned.equalsIgnoreCase(today)) {
            return true;
        }
        boolean booleans = planned.matches("(?i)true|false|1|0") && today.matches("(?i)true|false|1|0");
        return booleans && NixText.isTrue(planned) == NixText.isTrue(today)
                || planned.replaceAll("/+", "/").equals(today.replaceAll("/+", "/"))
                        && rule.form() == FlagRule.Form.PATH;
    }

    /// An option of the module and the same flag among the extra options: the last one wins, and nobody is told.
    private void twice(Component component) {
        judged.planned().flags(component).values().forEach((flag, values) -> {
            boolean differs = values.stream().distinct().count() > 1;
            boolean counts = FlagRule.of(component, flag)
                    .filter(rule -> !rule.isSequence() && !rule.addsUp() && !ADDED.contains(flag))
                    .isPresent();
            if (judged.nix().isPresent() && differs && counts) {
                findings.add(judged.warning("nix/twice", component, flag)
                        .evidence("it is given %d times: %s; the last one counts"
                                .formatted(values.size(), String.join(", then ", values)))
                        .consequence("Whoever changes the option later changes nothing.")
                        .cure("give it once, by its option"));
            }
        });
    }
}
