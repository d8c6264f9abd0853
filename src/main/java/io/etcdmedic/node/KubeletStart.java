package io.etcdmedic.node;

import io.etcdmedic.node.facts.NodeFacts;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the kubelet's unit does before each start of the kubelet: the NixOS module seeds images there, and removes
/// the CNI plugins.
///
/// Source: nixpkgs kubernetes/kubelet.nix, `preStart`.
///
/// @param script the text of its `ExecStartPre` scripts
public record KubeletStart(String unit, String script) {
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^[^#\\n]*?(\\S*ctr)\\b[^\\n]*\\bimages?\\s+import\\b([^\\n]*)");
    private static final Pattern WIPE = Pattern.compile("(?m)^[^#\\n]*\\brm\\s+(?:-\\S+\\s+)*(/\\S*cni\\S*)");
    private static final Pattern LINK = Pattern.compile("(?m)^[^#\\n]*\\bln\\s+-\\S+\\s+(\\S+)\\s+\\S*cni\\S*");

    public static Optional<KubeletStart> of(NodeFacts facts) {
        return facts.service("kubelet").map(unit -> new KubeletStart(unit.path(), unit.preStart()));
    }

    /// @param ctr the program as it is written
    /// @param withLabel whether it passes `--label`, which only ctr 2.x knows
    /// @param archives the absolute paths that it imports
    public record Import(String ctr, boolean withLabel, List<String> archives) {}

    public List<Import> imports() {
        return IMPORT.matcher(script)
                .results()
                .map(found -> new Import(
                        found.group(1),
                        found.group(2).contains("--label"),
                        Pattern.compile("\\s")
                                .splitAsStream(found.group(2))
                                .filter(word -> word.startsWith("/"))
                                .toList()))
                .toList();
    }

    /// The line that removes the CNI plugins; empty when none does.
    public Optional<String> wipe() {
        Matcher wipe = WIPE.matcher(script);
        return wipe.find() ? Optional.of(wipe.group().strip()) : Optional.empty();
    }

    /// What it links into the plugins' folder: `/nix/store/…/bin/*`.
    public List<String> linked() {
        return LINK.matcher(script).results().map(found -> found.group(1)).toList();
    }
}
