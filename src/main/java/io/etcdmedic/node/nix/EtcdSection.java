package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.ETCD;

import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.version.KubernetesVersion;
import java.util.List;
import java.util.Optional;

/// services.etcd: the same member, with the same name, peer URLs and data.
record EtcdSection(NodeFacts facts, Optional<ClusterFacts> cluster, List<Carried> carried, NixPage page) {

    void write() {
        Flags flags = facts.flags(ETCD);
        page.open("services.etcd");
        page.set("enable", "true", "RKE1 runs etcd here");
        version();
        page.set(
                "dataDir",
                NixText.string(HostFolders.data(facts)),
                "mounted into RKE1's container as " + flags.get("data-dir").orElse("its data folder"));
        page.set("initialClusterState", "\"existing\"", "an empty folder must not found a second cluster");
        page.set(
                "initialCluster",
                NixText.list(members(flags)),
                cluster.filter(c -> !c.members().isEmpty()).isPresent()
                        ? "the member list"
                        : "--initial-cluster of RKE1's etcd");
        flags.get("initial-cluster-token")
                .ifPresent(token ->
                        page.set("initialClusterToken", NixText.string(token), "read only where there is no data"));
        carried.stream()
                .filter(c -> c.component() == ETCD && c.way() == Carried.Way.OPTION)
                .forEach(c -> page.set(
                        c.rule().orElseThrow().option().substring("services.etcd.".length()),
                        c.text(),
                        "--%s of RKE1's etcd (%s)".formatted(c.flag(), c.relation())));
        carried.stream()
                .filter(c -> c.component() == ETCD && c.way() == Carried.Way.EXTRA)
                .forEach(c -> page.set(
                        "extraConf." + NixText.environment(c.flag()),
                        NixText.string(c.text()),
                        "--%s of RKE1's etcd (%s)".formatted(c.flag(), c.relation())));
        page.close();
    }

    private List<String> members(Flags flags) {
        List<String> known = cluster.stream()
                .flatMap(c -> c.members().stream())
                .flatMap(m -> m.peerUrls().stream().map(url -> m.name() + "=" + url))
                .toList();
        return known.isEmpty() ? flags.list("initial-cluster") : known;
    }

    private void version() {
        Optional<KubernetesVersion> today =
                facts.old(ETCD).flatMap(Part::version).flatMap(KubernetesVersion::parse);
        if (today.isEmpty()) {
            page.comment(
                    "DECIDE: which etcd this member runs is not known; RKE1's are 3.4 or 3.5. NixOS' default is 3.6.");
            page.set("package", "pkgs.etcd_3_5", "");
            return;
        }
        KubernetesVersion version = today.get();
        if (version.isBefore(KubernetesVersion.minor(3, 5))) {
            page.comment(
                    "DECIDE: this member runs %s. nixpkgs has no %s any more: 3.5 is one step, for every member in turn."
                            .formatted(version, version.toMinor()));
            page.set("package", "pkgs.etcd_3_5", "one minor from " + version);
        } else if (version.isBefore(KubernetesVersion.minor(3, 6))) {
            page.comment("DECIDE: 3.6 is the next step, when every member has run 3.5.32 or later for a while.");
            page.set("package", "pkgs.etcd_3_5", "RKE1 runs " + version);
        } else {
            page.set("package", "pkgs.etcd_3_6", "it runs " + version);
        }
    }
}
