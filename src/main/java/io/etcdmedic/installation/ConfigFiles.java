package io.etcdmedic.installation;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.YamlReader;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// The configuration files that a component's flags name, as the flags that they stand for.
///
/// The kubelet: its file, then the `*.conf` of `--config-dir` by their names as JSON merge patches, then the
/// command line, which wins but for feature gates. The proxy and the scheduler: the file alone, but for the few
/// flags of [#LOUDER]. etcd: the file alone.
/// Source: kubernetes cmd/kubelet/app/server.go (`mergeKubeletConfigurations`, since 1.28), kubernetes.io
/// kubelet-config-file; cmd/kube-proxy/app/options.go (`Complete`); cmd/kube-scheduler/app/options/options.go
/// (`ApplyTo`); etcd embed/config.go.
///
/// @param flags in force
/// @param files that were read, in order
/// @param troubles files that keep the component from starting, and why
/// @param notes what is in no flag, or in a flag that does not count
public record ConfigFiles(Flags flags, List<String> files, List<Trouble> troubles, List<String> notes) {
    private static final String GATES = "feature-gates";

    /// Flags that count beside a configuration file which replaces the others.
    private static final Map<Component, Set<String>> LOUDER = Map.of(
            Component.PROXY, Set.of("config", "hostname-override", "master", "v", "vmodule", "cleanup"),
            Component.ETCD, Set.of("config-file"));

    /// Flags of the scheduler that its file replaces; the others have no field there, or win.
    private static final Set<String> SCHEDULER_REPLACED =
            Set.of("kubeconfig", "kube-api-qps", "kube-api-burst", "kube-api-content-type", "profiling");

    public ConfigFiles {
        files = List.copyOf(files);
        troubles = List.copyOf(troubles);
        notes = List.copyOf(notes);
    }

    /// A file that the component does not start with.
    public record Trouble(String path, String why) {}

    /// @param inside where the machine has a file that the component knows by another name: in a container
    public static ConfigFiles of(Machine machine, Part part, UnaryOperator<String> inside) {
        String flag = part.component() == Component.ETCD ? "config-file" : "config";
        Optional<String> file = part.flags().get(flag).filter(path -> !path.isEmpty());
        Optional<String> folder = part.component() == Component.KUBELET
                ? part.flags().get("config-dir").filter(path -> !path.isEmpty())
                : Optional.empty();
        boolean hasFiles = switch (part.component()) {
            case KUBELET, PROXY, SCHEDULER, ETCD -> file.isPresent() || folder.isPresent();
            case APISERVER, CONTROLLER_MANAGER -> false;
        };
        return hasFiles
                ? new Reader(machine, part, inside).read(file, folder)
                : new ConfigFiles(part.flags(), List.of(), List.of(), List.of());
    }

    private static final class Reader {
        private final Machine machine;
        private final Part part;
        private final UnaryOperator<String> inside;
        private final List<String> files = new ArrayList<>();
        private final List<Trouble> troubles = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private Document merged = Document.Mapping.EMPTY;

        Reader(Machine machine, Part part, UnaryOperator<String> inside) {
            this.machine = machine;
            this.part = part;
            this.inside = inside;
        }

        ConfigFiles read(Optional<String> file, Optional<String> folder) {
            file.ifPresent(path -> add(path, false));
            folder.ifPresent(path -> folder(inside.apply(path)));
            // Nothing is known of a file that could not be read: then the flags alone are better than nothing.
            Flags flags = files.isEmpty() ? part.flags() : effective();
            return new ConfigFiles(flags, files, troubles, notes);
        }

        /// Folders are descended into, as Go's WalkDir does: by name, links to folders not followed.
        private void folder(String path) {
            if (machine.stat(path).filter(FileMeta::isFolder).isEmpty()) {
                troubles.add(new Trouble(path, "there is no such folder"));
                return;
            }
            for (String name : machine.list(path)) {
                String child = path + "/" + name;
                boolean isFolder =
                        machine.look(child).filter(FileMeta::isFolder).isPresent();
                if (isFolder) {
                    folder(child);
                } else if (name.endsWith(".conf")) {
                    add(child, true);
                }
            }
        }

        private void add(String path, boolean dropIn) {
            if (!path.startsWith("/")) {
                notes.add("%s --config=%s is relative to a folder that is not known"
                        .formatted(part.component().program(), path));
                return;
            }
            switch (machine.read(dropIn ? path : inside.apply(path))) {
                case FileContent.Absent _ -> troubles.add(new Trouble(path, "it is not there"));
                case FileContent.Unreadable unreadable -> troubles.add(new Trouble(path, unreadable.why()));
                case FileContent.Present file -> parsed(path, file.bytes(), dropIn);
            }
        }

        private void parsed(String path, Bytes content, boolean dropIn) {
            try {
                Document config = YamlReader.read(content, path);
                if (!(config instanceof Document.Mapping)) {
                    troubles.add(new Trouble(path, "it holds no fields"));
                } else if (dropIn && config.text("kind").isEmpty()) {
                    troubles.add(new Trouble(path, "it names no apiVersion and kind"));
                } else {
                    merged = patched(merged, config);
                    files.add(path);
                }
            } catch (Failure.Corrupt malformed) {
                troubles.add(new Trouble(path, malformed.problem().message()));
            }
        }

        private Flags effective() {
            Map<String, List<String>> told = new LinkedHashMap<>();
            Set<String> read = new TreeSet<>(Set.of("apiVersion", "kind"));
            for (ConfigField field : ConfigField.of(part.component())) {
                field.in(merged).ifPresent(value -> told.putIfAbsent(field.flag(), List.of(value)));
                read.add(field.path().split("\\.", -1)[0]);
            }
            List<String> unread = merged.mapping().keySet().stream()
                    .filter(name -> !read.contains(name))
                    .toList();
            if (part.component() == Component.ETCD) {
                unread.forEach(name -> merged.at(name)
                        .map(ConfigField::scalar)
                        .filter(value -> !value.isEmpty())
                        .ifPresent(value -> told.put(name, List.of(value))));
            } else if (!unread.isEmpty()) {
                notes.add("%s sets what no flag of %s sets: %s"
                        .formatted(String.join(", ", files), part.component().program(), String.join(", ", unread)));
            }
            return combined(new Flags(told));
        }

        private Flags combined(Flags told) {
            Map<String, List<String>> both = new LinkedHashMap<>();
            part.flags().values().forEach((name, values) -> {
                if (counts(name)) {
                    both.put(name, values);
                } else {
                    notes.add("%s is started with --%s, which does not count: %s replaces it"
                            .formatted(part.component().program(), name, String.join(", ", files)));
                }
            });
            told.values().forEach((name, values) -> {
                if (name.equals(GATES) && both.containsKey(GATES)) {
                    both.put(GATES, List.of(gates(both.get(GATES), values)));
                } else {
                    both.putIfAbsent(name, values);
                }
            });
            return new Flags(both);
        }

        private boolean counts(String flag) {
            return switch (part.component()) {
                case PROXY, ETCD ->
                    LOUDER.getOrDefault(part.component(), Set.of()).contains(flag);
                case SCHEDULER -> !SCHEDULER_REPLACED.contains(flag);
                case KUBELET, APISERVER, CONTROLLER_MANAGER -> true;
            };
        }

        /// The gates of the command line, with those of the files over them.
        private static String gates(List<String> line, List<String> files) {
            SequencedMap<String, String> gates = new LinkedHashMap<>();
            for (List<String> values : List.of(line, files)) {
                for (String gate : String.join(",", values).split(",", -1)) {
                    int equals = gate.indexOf('=');
                    gates.put(equals < 0 ? gate : gate.substring(0, equals), gate);
                }
            }
            gates.remove("");
            return String.join(",", gates.values());
        }

        /// RFC 7396: fields are merged, lists replaced, null takes away.
        private static Document patched(Document target, Document patch) {
            if (!(patch instanceof Document.Mapping fields)) {
                return patch;
            }
            SequencedMap<String, Document> merged = new LinkedHashMap<>(target.mapping());
            fields.fields().forEach((name, value) -> {
                if (value instanceof Document.Nil) {
                    merged.remove(name);
                } else {
                    merged.put(name, patched(merged.getOrDefault(name, Document.Nil.NULL), value));
                }
            });
            return new Document.Mapping(merged);
        }
    }
}
