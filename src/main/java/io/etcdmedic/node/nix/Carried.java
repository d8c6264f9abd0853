package io.etcdmedic.node.nix;

import io.etcdmedic.installation.Component;
import java.util.Optional;

/// What became of one flag of RKE1 in the generated module.
///
/// @param rule empty for a flag that no rule knows
/// @param text what was written, or why nothing was
public record Carried(Component component, String flag, String value, Optional<FlagRule> rule, Way way, String text) {

    public enum Way {
        OPTION("option"),
        EXTRA("extra option"),
        MODULE("the module does it"),
        REPLACED("replaced"),
        LEFT("not carried over");

        private final String words;

        Way(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /// `must be equal`, `should be equal`, `may differ`, `gone`, or that nobody has classed it.
    public String relation() {
        return rule.map(r -> r.relation().words()).orElse("not classed");
    }
}
