package io.etcdmedic.installation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The flags of a program, as Kubernetes' and etcd's flag libraries read them: `--name=value`, `--name value`,
/// `--switch`, one dash or two, the last one wins, unless a flag adds up.
///
/// @param values every value of each flag, in order; a bare switch has the value `true`
public record Flags(Map<String, List<String>> values) {
    /// Flags whose value is a secret, which nothing here needs and nobody is to be shown. Source: k3s server
    /// --help.
    private static final Set<String> SECRETS =
            Set.of("token", "agent-token", "password", "bootstrap-token", "etcd-s3-secret-key", "vpn-auth");

    public Flags {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        values.forEach(
                (name, list) -> copy.put(name, SECRETS.contains(name) ? List.of("WITHHELD") : List.copyOf(list)));
        values = java.util.Collections.unmodifiableMap(copy);
    }

    /// Reads an argument list; what is not a flag (the program, a subcommand) is passed over.
    public static Flags parse(List<String> argv) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < argv.size(); i++) {
            String argument = argv.get(i);
            if (!argument.startsWith("-") || argument.equals("-") || argument.equals("--")) {
                continue;
            }
            String flag = argument.substring(argument.startsWith("--") ? 2 : 1);
            int equals = flag.indexOf('=');
            String value = "true";
            if (equals >= 0) {
                value = flag.substring(equals + 1);
                flag = flag.substring(0, equals);
            } else if (i + 1 < argv.size() && !argv.get(i + 1).startsWith("-")) {
                value = argv.get(++i);
            }
            values.computeIfAbsent(canonical(flag), _ -> new ArrayList<>()).add(value);
        }
        return new Flags(values);
    }

    /// Reads etcd's environment: `ETCD_LISTEN_PEER_URLS` is `--listen-peer-urls`. Source: etcd's documentation.
    public static Flags ofEtcdEnvironment(Map<String, String> environment) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("ETCD_")) {
                values.put(
                        canonical(name.substring("ETCD_".length()).toLowerCase(java.util.Locale.ROOT)), List.of(value));
            }
        });
        return new Flags(values);
    }

    /// The value in force: the last one given.
    public Optional<String> get(String name) {
        List<String> all = values.getOrDefault(name, List.of());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /// The value of a comma-separated list, empty items dropped.
    public List<String> list(String name) {
        return get(name).stream()
                .flatMap(value -> java.util.Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /// These flags, with `other`'s where they are missing here.
    public Flags orElse(Flags other) {
        Map<String, List<String>> both = new LinkedHashMap<>(values);
        other.values.forEach(both::putIfAbsent);
        return new Flags(both);
    }

    /// pflag takes `_` for `-`.
    private static String canonical(String flag) {
        return flag.replace('_', '-');
    }
}
