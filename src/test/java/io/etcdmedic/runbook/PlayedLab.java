package io.etcdmedic.runbook;

import io.etcdmedic.apiserver.PlayedApi;
import io.etcdmedic.apiserver.PlayedCluster;
import io.etcdmedic.apiserver.PlayedKeyspace;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Overlay;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// The broken cluster over an overlay, with a played apiserver.
final class PlayedLab implements AutoCloseable {
    static final List<Cidr> TARGET = Cidr.parseAll("10.43.0.0/16");
    private static final Path BROKEN = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private static final GoldenDecoder GOLDEN =
            GoldenDecoder.of(Path.of("src/test/resources/fixtures/servicecidr-broken/golden.jsonl"));
    private final SnapshotKeyspace snapshot = SnapshotFile.open(BROKEN);
    final Overlay overlay = new Overlay(snapshot);
    final RepairLab lab;

    PlayedLab(Runbook runbook) {
        PlayedCluster cluster =
                new PlayedCluster(overlay, GOLDEN::decode, "/registry", TARGET, Clock.systemUTC(), new Random(1));
        this.lab = new RepairLab(new PlayedKeyspace(cluster), Optional.of(new PlayedApi(cluster)), GOLDEN, runbook);
    }

    /// Puts an object as it might have been stored, before the repair begins.
    PlayedLab with(String key, String json) {
        overlay.apply(new Transaction(
                List.of(), List.of(new Write.Put(Key.of(key), Bytes.utf8(json), LeaseId.NONE)), List.of()));
        return this;
    }

    PlayedLab without(String key) {
        overlay.apply(new Transaction(List.of(), List.of(new Write.Delete(Key.of(key))), List.of()));
        return this;
    }

    Document object(String key) {
        return GOLDEN.decode(overlay.get(Key.of(key)).orElseThrow());
    }

    boolean has(String key) {
        return overlay.get(Key.of(key)).isPresent();
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
