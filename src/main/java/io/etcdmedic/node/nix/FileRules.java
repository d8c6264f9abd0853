package io.etcdmedic.node.nix;

import io.etcdmedic.host.PathWalk;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.certs.AuditLog;
import io.etcdmedic.node.certs.FlaggedFiles;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Who reads which file on the rebuilt node, as rules of systemd-tmpfiles: what the carried flags and the
/// kubeconfigs name, each for the user of its service, and the keys of the authorities for nobody.
///
/// Source: the users of the NixOS modules; tmpfiles.d(5), types `d` and `z`.
final class FileRules {
    /// A path that needs no escaping in a rule.
    private static final Pattern PLAIN = Pattern.compile("/[A-Za-z0-9/._:-]+");

    private static final Set<String> AUTHORITIES = Set.of("kube-ca-key.pem", "kube-apiserver-requestheader-ca-key.pem");
    private static final Map<Component, String> KUBECONFIGS = Map.of(
            Component.CONTROLLER_MANAGER, "kube-controller-manager",
            Component.SCHEDULER, "kube-scheduler");

    /// Users other than root by path.
    private final Map<String, Set<String>> readers = new TreeMap<>();

    private final NodeFacts facts;

    FileRules(NodeFacts facts, List<Carried> carried) {
        this.facts = facts;
        carried.stream()
                .filter(c -> c.way() == Carried.Way.OPTION || c.way() == Carried.Way.EXTRA)
                .filter(c -> c.value().startsWith("/etc/") || FlaggedFiles.areReadBy(c.flag()))
                .forEach(c -> List.of(c.value().split("[,:]")).forEach(path -> add(path, c.component())));
        KUBECONFIGS.forEach((component, stem) -> {
            if (FlagCarrier.has(facts, component)) {
                add(NodeFacts.SSL + "/" + stem + ".pem", component);
                add(NodeFacts.SSL + "/" + stem + "-key.pem", component);
            }
        });
    }

    private void add(String path, Component component) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        boolean isFile = PLAIN.matcher(path).matches() && name.contains(".") && !AUTHORITIES.contains(name);
        if (isFile && !component.nixosUser().equals("root")) {
            readers.computeIfAbsent(path, _ -> new TreeSet<>()).add(component.nixosUser());
        }
    }

    List<String> lines() {
        Set<String> rules = new TreeSet<>();
        rules.add("d /etc/cni/net.d 0755 root root -");
        rules.add("d /etc/kubernetes 0755 root root -");
        rules.add("z " + NodeFacts.SSL + " 0755 root root -");
        rules.add("z " + NodeFacts.SSL + "/kube-ca.pem 0644 root root -");
        readers.forEach((path, users) -> {
            rules.add("z " + path + " " + access(path, users) + " -");
            rules.addAll(closedFolders(path));
        });
        rules.addAll(AuditLog.rules(facts));
        if (FlagCarrier.has(facts, Component.ETCD)) {
            rules.add("Z " + HostFolders.data(facts) + " - etcd etcd -");
        }
        return List.copyOf(rules);
    }

    /// Folders outside of /etc that a service's user cannot pass today: to be passed, not listed.
    private List<String> closedFolders(String path) {
        return PathWalk.of(facts.machine(), path).passed().stream()
                .filter(folder -> folder.isFolder() && !path.startsWith("/etc/") && (folder.mode() & 0001) == 0)
                .filter(folder -> PLAIN.matcher(folder.path()).matches())
                .map(folder ->
                        "z %s %04o %d %d -".formatted(folder.path(), folder.mode() | 0011, folder.uid(), folder.gid()))
                .toList();
    }

    /// A certificate of an authority is no secret; what two users read is one's, and the other's group's.
    private static String access(String path, Set<String> users) {
        List<String> names = List.copyOf(users);
        if (path.matches(".*[-/]ca\\.pem")) {
            return "0644 root root";
        }
        return names.size() == 1
                ? "0400 %s %s".formatted(names.getFirst(), names.getFirst())
                : "0440 %s %s".formatted(names.getFirst(), names.get(1));
    }
}
