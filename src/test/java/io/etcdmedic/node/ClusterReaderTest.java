package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.codec.Codec;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.ClusterReader;
import io.etcdmedic.node.cluster.ServiceObject;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.nix.ModuleWriter;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import io.etcdmedic.snapshot.SnapshotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a real cluster's etcd says of it, and what that makes of a module.
class ClusterReaderTest {
    private static final Path BROKEN = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private static final Path HEALTHY = Path.of("src/test/resources/fixtures/kubernetes-1.36/snapshot.db");

    @TempDir
    Path dir = Path.of("");

    @Test
    void theAccidentOfTheServiceRangeIsSeenInARealSnapshot() throws IOException {
        ClusterFacts cluster = read(BROKEN);

        assertThat(cluster.serviceRanges()).hasValue(List.of("10.0.0.0/24"));
        assertThat(cluster.services()).extracting(ServiceObject::title).contains("default/kubernetes");
        NodeFacts facts =
                RkeContainers.standard().in(RkeTree.make(dir.resolve("root"))).facts();
        Path module = Files.writeString(dir.resolve("m.nix"), ModuleWriter.write(facts, Optional.empty()));
        List<Finding> findings = NixCheck.of(
                NixCheck.read(new NixCheck.Subject(NixFiles.at(module), "", "srv5", true)),
                facts,
                Optional.of(cluster));
        assertThat(findings)
                .filteredOn(f -> f.check().equals("nix/service-cidr"))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.evidence()).contains("10.0.0.0/24", "10.43.0.0/16");
                    assertThat(f.cure()).isEqualTo("medic fix servicecidr --cidr 10.43.0.0/16");
                });
    }

    @Test
    void aTokenOfTheClusterIsNotBelievedWithAnotherKey() throws IOException {
        ClusterFacts cluster = read(HEALTHY);

        assertThat(cluster.tokens()).isNotEmpty();
        assertThat(cluster.secrets()).isPositive();
        NodeFacts facts =
                RkeContainers.standard().in(RkeTree.make(dir.resolve("root"))).facts();
        Path module = Files.writeString(dir.resolve("m.nix"), ModuleWriter.write(facts, Optional.empty()));
        List<Finding> findings = NixCheck.of(
                NixCheck.read(new NixCheck.Subject(NixFiles.at(module), "", "srv5", true)),
                facts,
                Optional.of(cluster));
        assertThat(findings).anyMatch(f -> f.check().equals("nix/token") && f.breaks());
    }

    private static ClusterFacts read(Path snapshot) {
        try (Keyspace keyspace = SnapshotFile.open(snapshot)) {
            return ClusterReader.read(keyspace, Codec.plain()::document, "/registry", List.of());
        }
    }
}
