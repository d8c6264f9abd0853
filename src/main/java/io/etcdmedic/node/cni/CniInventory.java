package io.etcdmedic.node.cni;

import io.etcdmedic.host.Machine;
import io.etcdmedic.node.runtime.ContainerdConfig;
import java.util.ArrayList;
import java.util.List;

/// The network configurations and plugins of a node, to be shown.
public final class CniInventory {
    private CniInventory() {}

    /// @param what `loaded`, `not loaded`, `plugin`
    /// @param says the plugins that a configuration names; or why a plugin cannot run
    public record Row(String path, String what, String says) {}

    public static List<Row> of(Machine machine, ContainerdConfig config) {
        List<Row> rows = new ArrayList<>();
        NetworkConfigs configs = NetworkConfigs.of(machine, config.confFolder(), config.confFilesMax());
        for (int i = 0; i < configs.files().size(); i++) {
            NetworkConfigs.File file = configs.files().get(i);
            rows.add(new Row(
                    file.path(),
                    i < configs.loaded() ? "loaded" : "not loaded",
                    file.trouble().isEmpty()
                            ? String.join(", ", file.types().stream().sorted().toList())
                            : file.trouble()));
        }
        Plugins plugins = Plugins.of(machine, config.binFolders());
        for (String folder : config.binFolders()) {
            for (String name : machine.list(folder)) {
                rows.add(new Row(
                        folder + "/" + name,
                        "plugin",
                        plugins.at(folder + "/" + name).trouble()));
            }
        }
        return rows;
    }
}
