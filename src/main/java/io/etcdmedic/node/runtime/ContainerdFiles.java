package io.etcdmedic.node.runtime;

import io.etcdmedic.document.Document;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.Machine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// containerd's configuration file with what it imports, put together as containerd does it.
///
/// A file that comes later wins. containerd 1.x takes the later file's section of a plugin as a whole, 2.x merges
/// field by field. Source: containerd cmd/containerd/server/config/config.go, `LoadConfig`, `mergeConfig`; checked
/// with `config dump` of 1.6 and 1.7.
///
/// @param config everything that was read
/// @param troubles files without which containerd does not start, and why
record ContainerdFiles(Document config, List<String> troubles) {
    private static final int FILES_MAX = 100;

    ContainerdFiles {
        troubles = List.copyOf(troubles);
    }

    /// @param version of containerd, `1.7`; empty when not known: then the layout tells
    static ContainerdFiles read(Machine machine, String file, Optional<String> version) {
        return new Reader(machine, version).read(file);
    }

    private static final class Reader {
        private final Machine machine;
        private final Optional<String> version;
        private final List<String> troubles = new ArrayList<>();
        private Document merged = Document.Mapping.EMPTY;

        Reader(Machine machine, Optional<String> version) {
            this.machine = machine;
            this.version = version;
        }

        ContainerdFiles read(String first) {
            Deque<String> pending = new ArrayDeque<>(List.of(first));
            Set<String> read = new LinkedHashSet<>();
            while (!pending.isEmpty() && read.size() < FILES_MAX) {
                String path = pending.removeFirst();
                if (read.add(path)) {
                    one(path).ifPresent(found -> {
                        merged = merged(found);
                        found.texts("imports").forEach(named -> pending.addAll(files(path, named)));
                    });
                }
            }
            return new ContainerdFiles(merged, troubles);
        }

        private Optional<Document> one(String path) {
            switch (machine.read(path)) {
                case FileContent.Absent _ -> troubles.add(path + " is not there");
                case FileContent.Unreadable unreadable -> troubles.add(path + ": " + unreadable.why());
                case FileContent.Present file -> {
                    try {
                        return Optional.of(Toml.read(file.text()));
                    } catch (IllegalArgumentException e) {
                        troubles.add(path + ", " + e.getMessage());
                    }
                }
            }
            return Optional.empty();
        }

        private Document merged(Document later) {
            boolean wholeSections = version.map(v -> v.startsWith("1."))
                    .orElseGet(() -> later.whole("version").orElse(2) < 3
                            && merged.whole("version").orElse(2) < 3);
            SequencedMap<String, Document> plugins = new LinkedHashMap<>(merged.mapping("plugins"));
            later.mapping("plugins")
                    .forEach((name, section) -> plugins.put(
                            name,
                            wholeSections ? section : over(plugins.getOrDefault(name, Document.Nil.NULL), section)));
            Document both = over(merged, later);
            SequencedMap<String, Document> fields = new LinkedHashMap<>(both.mapping());
            fields.put("plugins", new Document.Mapping(plugins));
            return new Document.Mapping(fields);
        }

        /// Lists add up, empty values do not count.
        private static Document over(Document below, Document above) {
            if (above instanceof Document.Mapping fields && below instanceof Document.Mapping) {
                SequencedMap<String, Document> both = new LinkedHashMap<>(below.mapping());
                fields.fields()
                        .forEach((name, value) ->
                                both.put(name, over(both.getOrDefault(name, Document.Nil.NULL), value)));
                return new Document.Mapping(both);
            }
            if (above instanceof Document.Sequence more && below instanceof Document.Sequence some) {
                return new Document.Sequence(Stream.concat(some.elements().stream(), more.elements().stream())
                        .distinct()
                        .toList());
            }
            boolean empty = above.equals(new Document.Text(""))
                    || above.equals(new Document.Whole(0))
                    || above.equals(Document.Truth.FALSE);
            return empty && !(below instanceof Document.Nil) ? below : above;
        }

        /// The files that an entry of `imports` names, seen from the file that holds it.
        private List<String> files(String from, String named) {
            String path = named.startsWith("/") ? named : from.substring(0, from.lastIndexOf('/') + 1) + named;
            if (!path.contains("*") && !path.contains("?")) {
                return List.of(path);
            }
            List<String> found = List.of("");
            for (String segment : path.substring(1).split("/", -1)) {
                found = found.stream().flatMap(folder -> below(folder, segment)).toList();
            }
            return found;
        }

        private Stream<String> below(String folder, String segment) {
            if (!segment.contains("*") && !segment.contains("?")) {
                return Stream.of(folder + "/" + segment);
            }
            Pattern pattern = Pattern.compile(
                    Pattern.quote(segment).replace("*", "\\E[^/]*\\Q").replace("?", "\\E[^/]\\Q"), Pattern.DOTALL);
            return machine.list(folder.isEmpty() ? "/" : folder).stream()
                    .filter(name -> pattern.matcher(name).matches())
                    .map(name -> folder + "/" + name);
        }
    }
}
