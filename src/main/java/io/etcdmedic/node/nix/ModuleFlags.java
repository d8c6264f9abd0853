package io.etcdmedic.node.nix;

import io.etcdmedic.document.Document;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The flags that NixOS's modules make of a configuration.
///
/// The options in the order of [FlagRule]; then what the modules say by themselves; then the extra options, which
/// stand last and win.
/// Source: nixpkgs nixos/modules/services/cluster/kubernetes/*.nix, nixos/modules/services/databases/etcd.nix.
final class ModuleFlags {
    private final NixConfiguration configuration;
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private ModuleFlags(NixConfiguration configuration) {
        this.configuration = configuration;
    }

    static Map<Component, Flags> of(NixConfiguration configuration) {
        Map<Component, Flags> flags = new EnumMap<>(Component.class);
        for (Component component : Component.values()) {
            if (configuration.isOn(FlagRule.enableOption(component))) {
                flags.put(component, new ModuleFlags(configuration).flags(component));
            }
        }
        return flags;
    }

    private Flags flags(Component component) {
        for (FlagRule rule : FlagRule.of(component)) {
            if (!rule.option().isEmpty()) {
                configuration
                        .value(rule.option())
                        .flatMap(v -> shown(rule, v))
                        .ifPresent(v -> add(rule.flag(), CommandLine.isWord(rule) ? word(v) : v));
            }
        }
        switch (component) {
            case ETCD ->
                configuration
                        .below("services.etcd.extraConf")
                        .forEach((name, option) -> option.value()
                                .flatMap(NixConfiguration::scalar)
                                .ifPresent(v -> add(environment(name), v)));
            case CONTROLLER_MANAGER -> {
                if (configuration
                        .texts("services.kubernetes.apiserver.authorizationMode")
                        .contains("RBAC")) {
                    add("use-service-account-credentials", "true");
                }
            }
            case KUBELET -> kubelet();
            case APISERVER, SCHEDULER, PROXY -> {}
        }
        configuration
                .value("services.etcd.extraConf")
                .filter(_ -> component == Component.ETCD)
                .ifPresent(v -> v.mapping()
                        .forEach((name, value) ->
                                NixConfiguration.scalar(value).ifPresent(text -> add(environment(name), text))));
        if (component != Component.ETCD) {
            configuration.text(FlagRule.extraOption(component)).ifPresent(this::extra);
        }
        return new Flags(values);
    }

    /// What the kubelet's configuration file says. Source: nixpkgs kubelet.nix, `kubeletConfig`.
    private void kubelet() {
        add("anonymous-auth", "false");
        add("authorization-mode", "Webhook");
        add("authentication-token-webhook", "true");
        add("cgroup-driver", "systemd");
        configuration.text("services.kubernetes.dataDir").ifPresent(v -> add("root-dir", v));
        configuration
                .value("services.kubernetes.kubelet.extraConfig")
                .ifPresent(v -> KubeletConfig.flags(v).values().forEach((flag, all) -> all.forEach(x -> add(flag, x))));
    }

    /// What systemd makes of a text in the middle of a word; what a blank splits off is seen as part of it.
    private static String word(String text) {
        return text.chars().anyMatch(c -> "\\%$\"' \t\n".indexOf(c) >= 0)
                ? String.join(" ", CommandLine.words("=" + text)).substring(1)
                : text;
    }

    private void extra(String options) {
        Flags.parse(CommandLine.words(options)).values().forEach((name, all) -> all.forEach(v -> add(name, v)));
    }

    private void add(String flag, String value) {
        values.computeIfAbsent(flag, _ -> new ArrayList<>()).add(value);
    }

    private static Optional<String> shown(FlagRule rule, Document value) {
        return switch (rule.form()) {
            case LIST -> Optional.of(KubeletConfig.joined(value));
            case GATES -> value.mapping().isEmpty() ? Optional.empty() : Optional.of(KubeletConfig.joined(value));
            case STR, PATH, BOOL, INT, ENV, DROP ->
                NixConfiguration.scalar(value).or(() -> Optional.of(KubeletConfig.joined(value)));
        };
    }

    private static String environment(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
