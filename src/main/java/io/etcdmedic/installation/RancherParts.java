package io.etcdmedic.installation;

import io.etcdmedic.bytes.Rows;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.RunningProcess;
import io.etcdmedic.host.systemd.ServiceUnit;
import io.etcdmedic.host.systemd.Services;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The parts inside k3s or RKE2, with the flags that their settings stand for.
///
/// Only flags that follow from the settings and that every version of k3s gives alike are told
/// (`rancher-flags.tsv`); `kube-apiserver-arg` and its likes come over them. An agent is told the cluster's ranges
/// and DNS by its server, so they are not known there.
/// Source: k3s pkg/daemons/control/server.go, pkg/daemons/agent/agent_linux.go, pkg/util/args.go (`GetArgs`).
final class RancherParts {
    private static final List<String[]> TABLE = Rows.of(RancherParts.class, "rancher-flags.tsv");
    private static final Pattern SETTING = Pattern.compile("\\{([a-z-]+)}");

    /// What is taken from a server where nothing is set. Source: k3s pkg/cli/server/server.go, pkg/cli/cmds.
    private static final Map<String, String> SERVER_DEFAULTS = Map.of(
            "cluster-cidr", "10.42.0.0/16",
            "service-cidr", "10.43.0.0/16",
            "service-node-port-range", "30000-32767",
            "cluster-domain", "cluster.local",
            "https-listen-port", "6443");

    private final Machine machine;
    private final Rancher rancher;
    private final RancherSettings settings;
    private final boolean isServer;
    private final Map<String, String> known = new HashMap<>();
    private final List<Part> parts = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private RancherParts(Machine machine, Rancher rancher, RancherSettings settings, boolean isServer) {
        this.machine = machine;
        this.rancher = rancher;
        this.settings = settings;
        this.isServer = isServer;
    }

    /// @param parts with the flags in force; empty where nothing speaks of this distribution
    /// @param dataFolder of the distribution, where it was moved, too
    record Found(List<Part> parts, List<String> notes, String dataFolder) {}

    static Found of(Machine machine, Rancher rancher) {
        Services services = Services.of(machine, rancher.units());
        Optional<ServiceUnit> unit = rancher.units().stream()
                .flatMap(name -> services.named(name).stream())
                .findFirst();
        List<String> argv = unit.flatMap(u -> u.start().stream().reduce((_, last) -> last))
                .or(() -> running(machine, rancher))
                .orElse(List.of());
        RancherSettings settings = RancherSettings.of(machine, rancher, argv, unit);
        String data = settings.flags().get("data-dir").orElse(rancher.dataFolder());
        // k3s hides the arguments of a running process, but not its role.
        boolean isAgent = argv.stream()
                .filter(word -> word.equals("server") || word.equals("agent"))
                .findFirst()
                .map(word -> word.equals("agent"))
                .orElseGet(() -> machine.exists(data + "/agent") && !machine.exists(data + "/server"));
        RancherParts found = new RancherParts(machine, rancher, settings, !isAgent);
        settings.troubles().forEach(found.notes::add);
        if (!argv.isEmpty() || !settings.sources().isEmpty() || machine.exists(data + "/agent")) {
            found.look(data);
        }
        return new Found(found.parts, found.notes, data);
    }

    private static Optional<List<String>> running(Machine machine, Rancher rancher) {
        return machine.processes().stream()
                .filter(process -> process.program().equals(rancher.program()))
                .map(RunningProcess::argv)
                .filter(argv -> argv.contains("server") || argv.contains("agent"))
                .findFirst();
    }

    private void look(String data) {
        if (isServer) {
            known.putAll(SERVER_DEFAULTS);
        } else {
            notes.add("%s runs as an agent: its server tells it the ranges and the DNS of the cluster"
                    .formatted(rancher.program()));
        }
        settings.flags().values().keySet().forEach(name -> known.put(name, String.join(",", settings.items(name))));
        known.put("data-dir", data);
        known.put("program", rancher.program());
        nodeName();
        datastore(data);
        if (isServer && !settings.flags().has("cluster-dns")) {
            tenth(known.getOrDefault("service-cidr", "").split(",", -1)[0])
                    .ifPresent(ip -> known.put("cluster-dns", ip));
        }
        if (machine.exists(data + "/agent/etc/kubelet.conf.d")) {
            known.put("kubelet-config-dir", data + "/agent/etc/kubelet.conf.d");
        }
        for (Component component : Component.values()) {
            if (runs(component, data)) {
                parts.add(part(component, data));
            }
        }
    }

    private void nodeName() {
        machine.read("/etc/hostname")
                .textOrEmpty()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .findFirst()
                .ifPresent(name -> known.putIfAbsent("node-name", name.toLowerCase(Locale.ROOT)));
    }

    /// The apiserver's etcd: the embedded one, an outer one, or kine's socket, which is none.
    private void datastore(String data) {
        Optional<String> endpoint = settings.flags().get("datastore-endpoint");
        if (endpoint.filter(e -> e.matches("https?://.*")).isPresent()) {
            known.put("etcd-servers", endpoint.get());
        } else if (endpoint.isPresent()) {
            int scheme = endpoint.get().indexOf("://");
            notes.add("%s keeps its data in %s: kine, not etcd"
                    .formatted(
                            rancher.program(),
                            scheme < 0 ? "a database" : endpoint.get().substring(0, scheme)));
        } else if (machine.exists(data + "/server/db/etcd")) {
            String tls = data + "/server/tls/etcd/";
            known.put("etcd-servers", "https://127.0.0.1:2379");
            known.put("datastore-cafile", tls + "server-ca.crt");
            known.put("datastore-certfile", tls + "client.crt");
            known.put("datastore-keyfile", tls + "client.key");
        }
    }

    private boolean runs(Component component, String data) {
        boolean off = settings.isOn("disable-" + component.program().replaceFirst("^kube-(?!proxy)", ""));
        return switch (component) {
            case KUBELET -> !settings.isOn("disable-agent");
            case PROXY -> !settings.isOn("disable-agent") && !off;
            case APISERVER, CONTROLLER_MANAGER, SCHEDULER -> isServer && !off;
            case ETCD -> isServer && !off && machine.exists(data + "/server/db/etcd");
        };
    }

    private Part part(Component component, String data) {
        Map<String, List<String>> flags = new LinkedHashMap<>();
        for (String[] row : TABLE) {
            if (row[0].equals(component.program())) {
                filled(row[2]).ifPresent(value -> flags.put(row[1], List.of(value)));
            }
        }
        String config = data + "/server/db/etcd/config";
        if (component == Component.ETCD && machine.exists(config)) {
            // What etcd-arg says is in that file already.
            flags.put("config-file", List.of(config));
        } else {
            Set<String> said = new HashSet<>();
            settings.flags().all(component.program() + "-arg").forEach(argument -> argue(flags, said, argument));
        }
        return new Part(
                component,
                Part.Origin.EMBEDDED,
                rancher.program()
                        + (isServer ? " server" : " agent")
                        + (settings.sources().isEmpty() ? "" : " (" + String.join(", ", settings.sources()) + ")"),
                List.of(),
                new Flags(flags),
                "",
                "root");
    }

    /// The value with its settings; empty where one of them is not known.
    private Optional<String> filled(String template) {
        Matcher matcher = SETTING.matcher(template);
        boolean isKnown = matcher.results()
                .allMatch(found -> !known.getOrDefault(found.group(1), "").isEmpty());
        return isKnown
                ? Optional.of(matcher.reset()
                        .replaceAll(found -> Matcher.quoteReplacement(known.getOrDefault(found.group(1), ""))))
                : Optional.empty();
    }

    /// `name=value` takes the place of what k3s gives itself, and adds to what was said so; `name+=value` comes
    /// after, `name-=value` before what is there.
    ///
    /// @param said the flags that an argument set before
    private static void argue(Map<String, List<String>> flags, Set<String> said, String argument) {
        String bare = argument.replaceFirst("^--", "");
        int equals = bare.indexOf('=');
        String name = equals < 0 ? bare : bare.substring(0, equals);
        String value = equals < 0 ? "true" : bare.substring(equals + 1);
        String cleaned = name.replaceFirst("[-+]+$", "");
        String flag = cleaned.replace('_', '-');
        boolean adds = said.contains(flag) || !name.equals(cleaned);
        List<String> values = new ArrayList<>(adds ? flags.getOrDefault(flag, List.of()) : List.of());
        said.add(flag);
        values.add(name.endsWith("-") ? 0 : values.size(), value);
        flags.put(flag, values);
    }

    /// The address that k3s takes for the cluster's DNS: the tenth of the range.
    private static Optional<String> tenth(String range) {
        String network = range.split("/", -1)[0];
        try {
            InetAddress address = InetAddress.ofLiteral(network);
            byte[] bytes = address.getAddress();
            byte[] sum = new BigInteger(1, bytes).add(BigInteger.TEN).toByteArray();
            byte[] next = new byte[bytes.length];
            int length = Math.min(sum.length, next.length);
            System.arraycopy(sum, sum.length - length, next, next.length - length, length);
            return Optional.of(InetAddress.getByAddress(next).getHostAddress());
        } catch (IllegalArgumentException | java.net.UnknownHostException e) {
            return Optional.empty();
        }
    }
}
