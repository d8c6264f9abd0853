package io.etcdmedic.node.nix;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the node will run: the flags of each part as the module would write them, or as units have them.
///
/// @param source what says so
/// @param flags of the parts that are on
/// @param configuration the module behind the flags; empty for units
/// @param isWhole whether it is all that the node will run, and not some of its units
/// @param findings what went wrong while reading
public record Planned(
        String source,
        Map<Component, Flags> flags,
        Optional<NixConfiguration> configuration,
        boolean isWhole,
        List<Finding> findings) {
    public Planned {
        flags = Map.copyOf(flags);
        findings = List.copyOf(findings);
    }

    public static Planned of(NixConfiguration configuration) {
        return new Planned(
                configuration.source(),
                ModuleFlags.of(configuration),
                Optional.of(configuration),
                true,
                configuration.findings());
    }

    /// The units that a machine has.
    public static Planned ofUnits(NodeFacts facts) {
        Map<Component, Flags> flags = new EnumMap<>(Component.class);
        for (Component component : Component.values()) {
            facts.unit(component)
                    .filter(part -> !part.flags().isEmpty())
                    .ifPresent(part -> flags.put(component, part.flags()));
        }
        return new Planned("the units of " + facts.machine().name(), flags, Optional.empty(), true, List.of());
    }

    public static Planned ofParts(String source, List<Part> parts) {
        Map<Component, Flags> flags = new EnumMap<>(Component.class);
        parts.forEach(part -> flags.put(part.component(), part.flags()));
        return new Planned(source, flags, Optional.empty(), false, List.of());
    }

    public boolean has(Component component) {
        return flags.containsKey(component);
    }

    public Flags flags(Component component) {
        return flags.getOrDefault(component, Flags.parse(List.of()));
    }

    public Optional<String> flag(Component component, String name) {
        return flags(component).get(name);
    }

    /// How the flag is called where the operator changes it: the option, or the flag itself for a unit.
    public String subject(Component component, String flag) {
        if (configuration.isEmpty()) {
            return component.program() + " --" + flag;
        }
        String option = FlagRule.of(component, flag)
                .map(FlagRule::option)
                .filter(o -> !o.isEmpty())
                .orElse("");
        return option.isEmpty() ? FlagRule.extraOption(component) + " --" + flag : option;
    }

    /// ` (kubernetes.nix:58)`, or `` where nothing defines it.
    public String at(Component component, String flag) {
        if (configuration.isEmpty()) {
            return "";
        }
        NixConfiguration nix = configuration.get();
        String extra = FlagRule.extraOption(component);
        boolean byHand = flags(component).all(flag).size() > 1
                || FlagRule.of(component, flag)
                        .map(rule -> rule.option().isEmpty())
                        .orElse(true);
        if (byHand && nix.isSet(extra)) {
            return nix.at(extra);
        }
        return FlagRule.of(component, flag)
                .map(FlagRule::option)
                .filter(o -> !o.isEmpty())
                .map(nix::at)
                .orElse("");
    }

    /// Whether the value was chosen, and is not merely the module's default.
    public boolean isChosen(Component component, String flag) {
        return configuration.isEmpty()
                ? flags(component).has(flag)
                : flags(component).has(flag) && !at(component, flag).isEmpty();
    }

    /// How a person would set it: `services.… = "…";`, or `--flag=value` among the extra options.
    public String assignment(Component component, String flag, String value) {
        if (configuration.isEmpty()) {
            return "give " + component.program() + " --" + flag + "=" + value;
        }
        Optional<FlagRule> rule = FlagRule.of(component, flag);
        if (rule.isPresent() && !rule.get().option().isEmpty()) {
            return rule.get().option() + " = " + NixText.value(rule.get().form(), value) + ";";
        }
        if (component == Component.ETCD) {
            return "services.etcd.extraConf." + NixText.environment(flag) + " = " + NixText.string(value) + ";";
        }
        return "add --" + flag + "=" + value + " to " + FlagRule.extraOption(component);
    }

    /// Lines of systemd-tmpfiles: what becomes of owners and modes at the switch, before services start.
    List<String> fileRules() {
        return configuration.map(c -> c.texts("systemd.tmpfiles.rules")).orElse(List.of());
    }

    /// Options that are set and whose value could not be told: what follows from them is not judged.
    List<String> unread() {
        return configuration.stream()
                .flatMap(c -> c.options().values().stream())
                .filter(option -> option.value().isEmpty())
                .map(OptionValue::option)
                .toList();
    }

    Planned with(List<Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        return new Planned(source, flags, configuration, isWhole, all);
    }
}
