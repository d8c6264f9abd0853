package io.etcdmedic.node.cni;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.Tools;
import io.etcdmedic.node.HostPlan;
import io.etcdmedic.node.KubeletStart;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.runtime.Containerd;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.PlanDraft;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `node cni restore`: plans to put saved plugins back where one is missing or cannot run.
public final class CniRestore {
    private static final String ASIDE = ".before-medic";
    private final Machine machine;
    private final Path root;
    private final Plugins plugins;
    private final PlanDraft draft = HostPlan.draft("node cni restore", "put CNI plugins back");

    private CniRestore(Machine machine, Path root, List<String> binFolders) {
        this.machine = machine;
        this.root = root;
        this.plugins = Plugins.of(machine, binFolders);
    }

    /// @param root where the machine's `/` is on this one, free of links
    public static PlanDraft plan(NodeFacts facts, Optional<String> containerdConfig, Path root, PluginCopies saved) {
        List<String> folders = Containerd.of(facts, containerdConfig).config().binFolders();
        CniRestore restore = new CniRestore(facts.machine(), root, folders);
        saved.copies().forEach(copy -> restore.one(folders.getFirst(), saved.folder(), copy));
        KubeletStart.of(facts)
                .flatMap(KubeletStart::wipe)
                .ifPresent(line -> restore.draft
                        .warn("the kubelet's next start removes them again: `" + line + "`")
                        .thenDo("medic node cni restore --snippet, for the NixOS module that does not"));
        return restore.draft;
    }

    private void one(String bin, Path saved, PluginCopies.Copy copy) {
        Plugins.Plugin now = plugins.named(copy.name());
        if (now.runs()) {
            return;
        }
        Path target = root.resolve(folder(bin).substring(1)).resolve(copy.name());
        String path = bin + "/" + copy.name();
        if (machine.look(folder(bin) + "/" + copy.name()).isPresent()) {
            draft.step(command(
                    "move %s aside: %s".formatted(path, now.trouble()),
                    path,
                    List.of(program("mv"), "-T", target.toString(), target + ASIDE),
                    new Check.Never(),
                    List.of(program("mv"), "-T", target + ASIDE, target.toString())));
        }
        String from = saved.resolve(copy.name()).toString();
        draft.step(command(
                "put %s back, %d bytes".formatted(path, copy.bytes()),
                path,
                List.of(program("install"), "-D", "-m", "0755", "-T", from, target.toString()),
                new Check.Succeeds(List.of(program("cmp"), "-s", from, target.toString())),
                List.of(program("rm"), target.toString())));
    }

    /// The folder itself, where it is reached through links.
    private String folder(String bin) {
        return machine.stat(bin).map(FileMeta::path).orElse(bin);
    }

    private static HostChange.Command command(
            String title, String path, List<String> argv, Check done, List<String> back) {
        return new HostChange.Command(Frame.of(title, "file " + path), argv, done, back);
    }

    private static String program(String name) {
        return Tools.find(name)
                .map(Path::toString)
                .orElseThrow(() -> new Failure.Unreachable(Problem.in("planning to put CNI plugins back")
                        .found(name + " is not installed")
                        .expected("the programs of coreutils and diffutils")));
    }
}
