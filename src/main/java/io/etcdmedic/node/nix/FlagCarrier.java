package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.CONTROLLER_MANAGER;
import static io.etcdmedic.installation.Component.ETCD;
import static io.etcdmedic.installation.Component.KUBELET;

import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.certs.PemFile;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Carries RKE1's flags over into the module, each by its rule; none is dropped without a word.
final class FlagCarrier {
    private static final Set<String> KUBELET_BY_MODULE =
            Set.of("anonymous-auth=false", "authorization-mode=Webhook", "authentication-token-webhook=true");
    private static final Set<String> ETCD_BY_WRITER =
            Set.of("initial-cluster", "initial-cluster-state", "data-dir", "initial-cluster-token");
    private final NodeFacts facts;
    private final List<Carried> carried = new ArrayList<>();

    private FlagCarrier(NodeFacts facts) {
        this.facts = facts;
    }

    static List<Carried> of(NodeFacts facts) {
        FlagCarrier carrier = new FlagCarrier(facts);
        for (Component component : Component.values()) {
            facts.old(component).ifPresent(part -> carrier.component(component, part.flags()));
        }
        return List.copyOf(carrier.carried);
    }

    private void component(Component component, Flags flags) {
        flags.values().keySet().stream().sorted().forEach(flag -> {
            List<String> values = flags.all(flag);
            Optional<FlagRule> rule = FlagRule.of(component, flag);
            if (rule.isEmpty()) {
                values.forEach(value -> unclassed(component, flag, value));
            } else if (isRepeated(flag) && values.size() > 1) {
                values.forEach(value -> extra(rule.get(), value));
            } else {
                carry(rule.get(), values.getLast());
            }
        });
    }

    private static boolean isRepeated(String flag) {
        return flag.equals("service-account-issuer") || flag.equals("service-account-key-file");
    }

    private void carry(FlagRule rule, String value) {
        if (value.isEmpty()) {
            add(rule, value, Carried.Way.LEFT, "it is empty");
        } else if (isUnwritable(value)) {
            add(rule, value, Carried.Way.LEFT, "DECIDE: its value has control characters");
        } else if (rule.relation() == FlagRule.Relation.DROP) {
            add(rule, value, Carried.Way.LEFT, "Kubernetes has no such flag since " + rule.removed());
        } else if (rule.component() == KUBELET && KUBELET_BY_MODULE.contains(rule.flag() + "=" + value)
                || rule.form() == FlagRule.Form.DROP) {
            add(rule, value, Carried.Way.MODULE, rule.why().isEmpty() ? "the module does it" : rule.why());
        } else if (rule.component() == ETCD && ETCD_BY_WRITER.contains(rule.flag())) {
            add(rule, value, Carried.Way.REPLACED, rule.why());
        } else if (isClientOnly(rule, value)) {
            add(rule, value, Carried.Way.LEFT, "the kubelet cannot serve with it; it makes a certificate for itself");
        } else if (rule.component() == CONTROLLER_MANAGER && rule.flag().equals("service-cluster-ip-range")) {
            add(
                    rule,
                    value,
                    Carried.Way.EXTRA,
                    "--service-cluster-ip-range=${config.services.kubernetes.apiserver.serviceClusterIpRange}");
        } else if (rule.option().isEmpty()) {
            extra(rule, value);
        } else {
            option(rule, value);
        }
    }

    private void option(FlagRule rule, String value) {
        String kept = rule.flag().equals("enable-admission-plugins")
                ? NixText.items(value).stream()
                        .filter(p -> !AdmissionPlugins.isGone(p))
                        .collect(Collectors.joining(","))
                : value;
        add(rule, value, Carried.Way.OPTION, NixText.value(rule.form(), kept));
    }

    private void extra(FlagRule rule, String value) {
        add(rule, value, Carried.Way.EXTRA, rule.component() == ETCD ? value : argument(rule.flag(), value));
    }

    private void unclassed(Component component, String flag, String value) {
        boolean writable = !isUnwritable(value) && flag.matches("[a-z0-9][a-z0-9-]*");
        carried.add(new Carried(
                component,
                flag,
                value,
                Optional.empty(),
                writable ? Carried.Way.EXTRA : Carried.Way.LEFT,
                writable
                        ? component == ETCD ? value : argument(flag, value)
                        : "DECIDE: its name or value cannot be written into a unit"));
    }

    private void add(FlagRule rule, String value, Carried.Way way, String text) {
        carried.add(new Carried(rule.component(), rule.flag(), value, Optional.of(rule), way, text));
    }

    private boolean isClientOnly(FlagRule rule, String value) {
        if (rule.component() != KUBELET
                || !rule.flag().startsWith("tls-")
                || rule.flag().equals("tls-cipher-suites")) {
            return false;
        }
        String certificate = rule.flag().equals("tls-cert-file") ? value : value.replace("-key.pem", ".pem");
        return !CertsCheck.servingProblem(PemFile.read(facts.machine(), certificate))
                .isEmpty();
    }

    private static boolean isUnwritable(String value) {
        return value.codePoints().anyMatch(Character::isISOControl);
    }

    /// One word of a unit's command: systemd's quotes, `%%` for its specifiers, `$$` for its variables.
    ///
    /// Source: systemd.service(5), "Command lines".
    static String argument(String flag, String value) {
        String word = "--" + flag + "=" + value.replace("%", "%%").replace("$", "$$");
        return word.matches("[^\\s\"'\\\\;]+")
                ? word
                : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    static boolean has(NodeFacts facts, Component component) {
        return facts.old(component).isPresent();
    }

    static boolean isControlPlane(NodeFacts facts) {
        return has(facts, APISERVER);
    }
}
