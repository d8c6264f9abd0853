package io.etcdmedic.node.facts;

import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.Part;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A container that RKE1 made with Docker.
///
/// @param name without Docker's slash: `kube-apiserver`
/// @param argv path and arguments, `/opt/rke-tools/entrypoint.sh kube-apiserver --v=2 …`, the flags in any order
/// @param hostname what Docker wrote down; with the host's network, the host's name
/// @param running whether it ran when it was looked at
/// @param restart Docker's restart policy: `always`, `no`, …; empty when not known
public record Container(
        String name,
        String image,
        List<String> argv,
        Map<String, String> environment,
        List<String> binds,
        String hostname,
        boolean running,
        String restart) {
    private static final String KUBERNETES = "/etc/kubernetes";

    public Container {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        binds = List.copyOf(binds);
    }

    /// The Kubernetes part that it runs: the container of that name with that program in its arguments.
    public Optional<Part> part() {
        for (int i = 0; i < argv.size(); i++) {
            String word = argv.get(i);
            Optional<Component> component = Component.ofProgram(word.substring(word.lastIndexOf('/') + 1));
            if (component.isPresent()) {
                List<String> command = argv.subList(i, argv.size());
                return Optional.of(new Part(
                        component.get(),
                        Part.Origin.CONTAINER,
                        name,
                        command,
                        Flags.parse(command.subList(1, command.size())),
                        image,
                        ""));
            }
        }
        return Optional.empty();
    }

    /// The flags with paths as the host has them, for services that will run there: extra_binds of cluster.yml may
    /// show a file of the host under another name.
    ///
    /// /etc/kubernetes keeps its name, also where prefix_path moves it; etcd's data folder is asked for by itself.
    public Flags onHost(Flags flags) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        flags.values()
                .forEach((flag, all) -> values.put(
                        flag,
                        flag.equals("data-dir")
                                ? all
                                : all.stream().map(this::pathsOnHost).toList()));
        return new Flags(values);
    }

    private String pathsOnHost(String value) {
        return value.startsWith("/")
                ? Stream.of(value.split(",", -1))
                        .map(path -> onHost(path, KUBERNETES.length()))
                        .collect(Collectors.joining(","))
                : value;
    }

    /// Where the host has the file that the container knows as `path`: the longest bind counts.
    public String onHost(String path) {
        return onHost(path, -1);
    }

    private String onHost(String path, int shortest) {
        boolean own = path.equals(KUBERNETES) || path.startsWith(KUBERNETES + "/");
        String best = path;
        int longest = own ? shortest : -1;
        for (String bind : binds) {
            String[] sides = bind.split(":", -1);
            String inside = sides.length < 2 ? "" : sides[1].replaceFirst("/+$", "");
            if (sides.length >= 2
                    && inside.length() > longest
                    && (path.equals(inside) || path.startsWith(inside + "/"))) {
                best = sides[0].replaceFirst("/+$", "") + path.substring(inside.length());
                longest = inside.length();
            }
        }
        return best;
    }
}
