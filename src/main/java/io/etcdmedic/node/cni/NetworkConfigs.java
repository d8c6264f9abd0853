package io.etcdmedic.node.cni;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The network configurations of a folder, as containerd loads them: by name, the first `max_conf_num` or all.
///
/// Source: containerd/go-cni, opts.go; containernetworking/cni SPEC.md.
record NetworkConfigs(List<File> files, int loaded) {
    NetworkConfigs {
        files = List.copyOf(files);
    }

    /// @param trouble why containerd cannot load it; empty when it can
    /// @param types the plugins that it names, delegates and address management included
    record File(String path, String trouble, Set<String> types) {
        File {
            types = Set.copyOf(types);
        }
    }

    static NetworkConfigs of(Machine machine, String folder, long filesMax) {
        List<File> files = machine.list(folder).stream()
                .filter(name -> name.endsWith(".conflist") || name.endsWith(".conf") || name.endsWith(".json"))
                .map(name -> file(machine, folder + "/" + name))
                .toList();
        return new NetworkConfigs(files, filesMax <= 0 ? files.size() : (int) Math.min(filesMax, files.size()));
    }

    List<File> inForce() {
        return files.subList(0, loaded);
    }

    /// Every plugin that must be there before a pod gets its network.
    Set<String> types(boolean loopback) {
        Set<String> types = new TreeSet<>();
        inForce().forEach(file -> types.addAll(file.types()));
        if (loopback && !types.isEmpty()) {
            types.add("loopback");
        }
        return types;
    }

    private static File file(Machine machine, String path) {
        return switch (machine.read(path)) {
            case FileContent.Absent _ -> new File(path, "it is not there", Set.of());
            case FileContent.Unreadable unreadable -> new File(path, unreadable.why(), Set.of());
            case FileContent.Present file -> {
                try {
                    yield parsed(path, Json.read(file.bytes()));
                } catch (Failure.Corrupt notJson) {
                    yield new File(path, notJson.problem().message(), Set.of());
                }
            }
        };
    }

    private static File parsed(String path, Document config) {
        boolean list = path.endsWith(".conflist");
        List<Document> plugins = list ? config.list("plugins") : List.of(config);
        Set<String> types = new TreeSet<>();
        plugins.forEach(plugin -> collect(plugin, types));
        String trouble = types.isEmpty()
                ? list ? "it has no list \"plugins\" with types" : "it has no \"type\""
                : config.text("name").isEmpty() ? "it has no \"name\"" : "";
        return new File(path, trouble, types);
    }

    private static void collect(Document plugin, Set<String> types) {
        plugin.text("type").ifPresent(types::add);
        plugin.text("ipam", "type").ifPresent(types::add);
        if (plugin.text("type").orElse("").equals("flannel")) {
            // flannel delegates to bridge with host-local addresses unless told otherwise (cni-plugin-flannel README).
            types.add(plugin.text("delegate", "type").orElse("bridge"));
            types.add(plugin.text("delegate", "ipam", "type").orElse("host-local"));
        }
        List<Document> delegates = new ArrayList<>(plugin.list("delegates"));
        plugin.at("delegate").ifPresent(delegates::add);
        plugin.list("plugins").forEach(delegates::add);
        delegates.forEach(delegate -> collect(delegate, types));
    }
}
