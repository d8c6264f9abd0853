package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.CONTROLLER_MANAGER;
import static io.etcdmedic.installation.Component.ETCD;
import static io.etcdmedic.installation.Component.KUBELET;
import static io.etcdmedic.installation.Component.PROXY;

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
            Flags given = facts.hostFlags(component);
            facts.old(component)
                    .ifPresent(_ -> carrier.component(
                            component,
                            component == ETCD ? given.orElse(ContainerEnvironment.etcdFlags(facts)) : given));
        }
        return List.copyOf(carrier.carried);
    }

    private void component(Component component, Flags flags) {
        flags.values().keySet().stream().sorted().forEach(flag -> {
            List<String> values = flags.all(flag);
            Optional<FlagRule> rule = FlagRule.of(component, flag);
            if (rule.isEmpty()) {
                values.forEach(value -> unclassed(component, flag, value));
            } else if (values.size() == 1) {
                carry(rule.get(), values.getFirst());
            } else {
                several(rule.get(), values);
            }
        });
    }

    /// A flag that is given more than once: it adds up, or the last one counts.
    private void several(FlagRule rule, List<String> values) {
        if (rule.isSequence()) {
            carry(rule, values.getFirst());
            values.subList(1, values.size()).forEach(value -> extra(rule, value));
        } else if (rule.option().isEmpty()) {
            values.forEach(value -> carry(rule, value));
        } else if (rule.addsUp()) {
            carry(rule, String.join(",", values));
        } else {
            values.subList(0, values.size() - 1)
                    .forEach(value -> add(rule, value, Carried.Way.LEFT, "it is given again, and the last one counts"));
            carry(rule, values.getLast());
        }
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
        } else if (isSigner(rule)) {
            add(
                    rule,
                    value,
                    Carried.Way.LEFT,
                    "DECIDE: NixOS runs it as the user kubernetes, who must not have the key of the cluster's CA");
        } else if (rule.component() == PROXY && rule.flag().equals("cluster-cidr") && !isPodRange(value)
                || rule.option().isEmpty()
                || !isOptionValue(rule, value)) {
            extra(rule, value);
        } else {
            option(rule, value);
        }
    }

    /// Who may read this key makes administrators.
    private static boolean isSigner(FlagRule rule) {
        return rule.component() == CONTROLLER_MANAGER && rule.flag().startsWith("cluster-signing-");
    }

    private boolean isPodRange(String value) {
        return facts.podRange().filter(value::equals).isPresent();
    }

    /// Whether the option's type takes the value; what it does not take is given as RKE1 gave it.
    private static boolean isOptionValue(FlagRule rule, String value) {
        return switch (rule.form()) {
            case PATH -> value.startsWith("/") || rule.isSequence();
            case INT -> value.matches("[0-9]{1,9}");
            case BOOL -> value.matches("(?i)true|false|t|f|1|0");
            case GATES ->
                NixText.items(value).stream().allMatch(g -> g.matches("[A-Za-z][A-Za-z0-9]*=(?i:true|false)"));
            case STR, LIST, ENV, DROP -> true;
        };
    }

    private void option(FlagRule rule, String value) {
        String kept = rule.flag().equals("enable-admission-plugins")
                ? NixText.items(value).stream()
                        .filter(p -> !AdmissionPlugins.isGone(p))
                        .collect(Collectors.joining(","))
                : value;
        boolean isText = rule.form() != FlagRule.Form.INT
                && rule.form() != FlagRule.Form.BOOL
                && rule.form() != FlagRule.Form.GATES;
        String written = isText && CommandLine.isWord(rule) ? CommandLine.inside(kept) : kept;
        add(rule, value, Carried.Way.OPTION, NixText.value(rule.form(), written));
    }

    private void extra(FlagRule rule, String value) {
        add(
                rule,
                value,
                Carried.Way.EXTRA,
                rule.component() == ETCD ? value : CommandLine.argument(rule.flag(), value));
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
                        ? component == ETCD ? value : CommandLine.argument(flag, value)
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

    static boolean has(NodeFacts facts, Component component) {
        return facts.old(component).isPresent();
    }

    static boolean isControlPlane(NodeFacts facts) {
        return has(facts, APISERVER);
    }
}
