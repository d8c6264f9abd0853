package io.etcdmedic.node.cni;

import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.PathWalk;
import java.util.List;
import java.util.Optional;

/// The plugin folders of a node.
///
/// @param folders in the order in which containerd looks
/// @param processor of the node; empty when not known
record Plugins(Machine machine, List<String> folders, Optional<String> processor) {
    Plugins {
        folders = List.copyOf(folders);
    }

    static Plugins of(Machine machine, List<String> folders) {
        return new Plugins(machine, folders, ElfMachine.ofNode(machine));
    }

    /// @param path where the plugin is, or would be
    /// @param trouble why it cannot run; empty when it can
    record Plugin(String path, String trouble) {
        boolean runs() {
            return trouble.isEmpty();
        }
    }

    /// The first one of that name that can run, else the first that is there, else none.
    Plugin named(String type) {
        if (type.isBlank()) {
            return new Plugin(folders.getFirst() + "/" + type, "a configuration names a plugin with an empty type");
        }
        if (type.contains("/") || type.contains("\\") || type.equals("..")) {
            return new Plugin(folders.getFirst() + "/" + type, "its name would leave " + folders.getFirst());
        }
        List<Plugin> found =
                folders.stream().map(folder -> at(folder + "/" + type)).toList();
        return found.stream()
                .filter(Plugin::runs)
                .findFirst()
                .or(() -> found.stream()
                        .filter(p -> machine.look(p.path()).isPresent())
                        .findFirst())
                .orElse(new Plugin(folders.getFirst() + "/" + type, "it is not in " + String.join(", ", folders)));
    }

    /// For which processor the plugin that `type` names was built; empty for what is no program.
    Optional<String> built(String type) {
        return PathWalk.of(machine, named(type).path())
                .end()
                .map(file -> machine.head(file.path()))
                .flatMap(head -> head instanceof FileContent.Present program
                        ? ElfMachine.of(program.bytes())
                        : Optional.empty());
    }

    Plugin at(String path) {
        PathWalk walk = PathWalk.of(machine, path);
        if (walk.end().isEmpty()) {
            String store = walk.broken().contains("/nix/store/") ? " (the store collected it)" : "";
            return new Plugin(path, walk.broken().isEmpty() ? "it is not there" : walk.broken() + store);
        }
        return new Plugin(path, trouble(walk.end().get()));
    }

    private String trouble(FileMeta file) {
        if (!file.isFile()) {
            return "it is no regular file";
        }
        if ((file.mode() & 0111) == 0) {
            return "it is not executable (%04o)".formatted(file.mode());
        }
        return switch (machine.head(file.path())) {
            case FileContent.Absent _ -> "it is not there";
            case FileContent.Unreadable unreadable -> unreadable.why();
            case FileContent.Present head -> {
                Optional<String> built = ElfMachine.of(head.bytes());
                boolean script = head.text().startsWith("#!");
                if (built.isEmpty()) {
                    yield script ? "" : head.bytes().isEmpty() ? "it is empty" : "it is no program";
                }
                yield processor.isEmpty() || processor.equals(built)
                        ? ""
                        : "it was built for %s, and this node is %s".formatted(built.get(), processor.get());
            }
        };
    }
}
