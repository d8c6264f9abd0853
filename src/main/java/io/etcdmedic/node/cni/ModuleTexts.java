package io.etcdmedic.node.cni;

import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The modules below /etc/nixos, read as text.
final class ModuleTexts {
    static final Pattern EMPTY_PACKAGES =
            Pattern.compile("(?m)^[^#\\n]*cni\\.packages\\s*=\\s*(?:lib\\.mkForce\\s*)?\\[\\s*\\]");
    private static final Pattern FORCED_START =
            Pattern.compile("(?s)preStart\\s*=\\s*(?:lib\\.)?mkForce\\s*(?:''(.*?)''(?![$'\\\\])|\"(.*?)\")");
    private static final String FOLDER = "/etc/nixos";
    private static final int DEPTH_MAX = 3;
    private static final int FILES_MAX = 200;

    private ModuleTexts() {}

    static List<String> of(Machine machine) {
        List<String> found = new ArrayList<>();
        collect(machine, FOLDER, DEPTH_MAX, found);
        return found;
    }

    /// The kubelet's start script that `text` puts in the place of the module's.
    static Optional<String> forcedStart(String text) {
        if (!text.contains("kubelet")) {
            return Optional.empty();
        }
        Matcher matcher = FORCED_START.matcher(text);
        return matcher.find()
                ? Optional.of(Optional.ofNullable(matcher.group(1)).orElseGet(() -> String.valueOf(matcher.group(2))))
                : Optional.empty();
    }

    private static void collect(Machine machine, String folder, int depth, List<String> found) {
        for (String name : machine.list(folder)) {
            String path = folder + "/" + name;
            if (found.size() >= FILES_MAX || name.startsWith(".")) {
                continue;
            }
            if (name.endsWith(".nix")) {
                found.add(path);
            } else if (depth > 0
                    && machine.look(path).filter(FileMeta::isFolder).isPresent()) {
                collect(machine, path, depth - 1, found);
            }
        }
    }
}
