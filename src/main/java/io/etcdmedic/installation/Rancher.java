package io.etcdmedic.installation;

import java.util.List;
import java.util.Locale;

/// The two distributions that start every part from one program with flags of its own.
enum Rancher {
    K3S("k3s", Distribution.K3S, List.of("k3s", "k3s-agent")),
    RKE2("rke2", Distribution.RKE2, List.of("rke2-server", "rke2-agent"));

    private final String program;
    private final Distribution distribution;
    private final List<String> units;

    Rancher(String program, Distribution distribution, List<String> units) {
        this.program = program;
        this.distribution = distribution;
        this.units = units;
    }

    String program() {
        return program;
    }

    Distribution distribution() {
        return distribution;
    }

    /// The units that its installer makes, the server's first. NixOS calls both `k3s`.
    List<String> units() {
        return units;
    }

    String configFile() {
        return "/etc/rancher/" + program + "/config.yaml";
    }

    String dataFolder() {
        return "/var/lib/rancher/" + program;
    }

    /// The environment variable of a flag: `K3S_NODE_NAME`.
    String variable(String flag) {
        return (program + "_" + flag.replace('-', '_')).toUpperCase(Locale.ROOT);
    }
}
