package io.etcdmedic.node.nix;

import io.etcdmedic.bytes.Rows;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What becomes of one flag of RKE1's processes when the NixOS module runs them.
///
/// @param option the option that says it; empty: extraOpts (extraConf for etcd)
/// @param removed the version of Kubernetes (of etcd) that no longer knows the flag; empty when all do
/// @param why in a few words
public record FlagRule(
        Component component, String flag, Relation relation, String option, Form form, String removed, String why) {

    /// How the module's value must relate to RKE1's.
    public enum Relation {
        MUST("must be equal"),
        SHOULD("should be equal"),
        MAY("may differ"),
        DROP("gone");

        private final String words;

        Relation(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /// How a value is written in Nix.
    public enum Form {
        STR,
        PATH,
        LIST,
        BOOL,
        INT,
        GATES,
        /// An environment variable of etcd.
        ENV,
        /// Not carried over.
        DROP
    }

    /// Of these every value counts, and the first one more than the others: it signs.
    private static final Set<String> SEQUENCES =
            Set.of("kube-apiserver service-account-issuer", "kube-apiserver service-account-key-file");

    private static final List<FlagRule> ALL = read();

    /// Whether each value of a flag that is given several times counts on its own.
    boolean isSequence() {
        return SEQUENCES.contains(component.program() + " " + flag);
    }

    /// Whether a flag that is given several times is one list. Source: pflag's StringSlice and Kubernetes' maps;
    /// etcd's flags take the last value.
    boolean addsUp() {
        return component != Component.ETCD
                && (form == Form.LIST || form == Form.GATES || flag.equals("runtime-config"));
    }

    /// The value in force among `flags`, as far as it can be one.
    Optional<String> value(Flags flags) {
        List<String> all = flags.all(flag);
        return all.isEmpty() || !addsUp() && !isSequence() ? flags.get(flag) : Optional.of(String.join(",", all));
    }

    public static List<FlagRule> all() {
        return ALL;
    }

    public static List<FlagRule> of(Component component) {
        return ALL.stream().filter(rule -> rule.component == component).toList();
    }

    public static Optional<FlagRule> of(Component component, String flag) {
        return ALL.stream()
                .filter(rule -> rule.component == component && rule.flag.equals(flag))
                .findFirst();
    }

    /// The option of nixpkgs that takes what has no option of its own.
    public static String extraOption(Component component) {
        return switch (component) {
            case ETCD -> "services.etcd.extraConf";
            case APISERVER -> "services.kubernetes.apiserver.extraOpts";
            case CONTROLLER_MANAGER -> "services.kubernetes.controllerManager.extraOpts";
            case SCHEDULER -> "services.kubernetes.scheduler.extraOpts";
            case KUBELET -> "services.kubernetes.kubelet.extraOpts";
            case PROXY -> "services.kubernetes.proxy.extraOpts";
        };
    }

    static String enableOption(Component component) {
        String extra = extraOption(component);
        return extra.substring(0, extra.lastIndexOf('.')) + ".enable";
    }

    private static List<FlagRule> read() {
        return Rows.of(FlagRule.class, "flags.tsv").stream().map(FlagRule::rule).toList();
    }

    private static FlagRule rule(String[] field) {
        return new FlagRule(
                Component.ofProgram(field[0]).orElseThrow(),
                field[1],
                Relation.valueOf(field[2].toUpperCase(java.util.Locale.ROOT)),
                field[3],
                Form.valueOf(field[4].toUpperCase(java.util.Locale.ROOT)),
                field[5],
                field[6]);
    }
}
