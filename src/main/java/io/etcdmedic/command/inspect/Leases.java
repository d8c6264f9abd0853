package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.etcd.LeaseTime;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Restart;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.snapshot.SnapshotFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine;

/// `leases`: leases and the keys they hold.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic leases                            each lease, its time and its keys by resource",
            "  medic leases -o jsonl                   as data"
        })
public final class Leases implements Command {
    private static final List<Column> COLUMNS = List.of(
            Column.of("LEASE", "lease"),
            Column.of("GRANTED", "ttlSecondsGranted"),
            Column.of("LEFT", "ttlSecondsLeft"),
            Column.of("KEYS", "keys"),
            Column.of("RESOURCES", "resources"));

    private static final class Held {
        private long keys;
        private final TreeSet<String> resources = new TreeSet<>();
    }

    @Override
    public Report run(Session session) {
        Map<LeaseId, Held> held = Restart.onCompaction(() -> held(session));
        List<List<Document>> rows = session.isLive() ? live(session.cluster(), held) : stored(session, held);
        held.forEach((id, keys) -> rows.add(row(id, Document.Nil.NULL, Document.Nil.NULL, keys)));
        return Report.of(new Content.Table(COLUMNS, rows));
    }

    /// @param held what is put into a row is taken out
    private static List<List<Document>> live(EtcdCluster cluster, Map<LeaseId, Held> held) {
        List<List<Document>> rows = new ArrayList<>();
        for (LeaseId id : cluster.leases()) {
            Optional<LeaseTime> time = cluster.lease(id);
            time.ifPresent(t -> rows.add(row(
                    id,
                    Shown.number(t.granted().toSeconds()),
                    Shown.number(t.left().toSeconds()),
                    Optional.ofNullable(held.remove(id)).orElseGet(Held::new))));
        }
        return rows;
    }

    private static List<List<Document>> stored(Session session, Map<LeaseId, Held> held) {
        List<List<Document>> rows = new ArrayList<>();
        for (SnapshotFacts.Lease lease :
                session.file().map(f -> f.facts().leases()).orElse(List.of())) {
            Held keys = held.getOrDefault(lease.id(), new Held());
            held.remove(lease.id());
            rows.add(row(lease.id(), Shown.number(lease.ttlSeconds()), Document.Nil.NULL, keys));
        }
        return rows;
    }

    private static List<Document> row(LeaseId id, Document granted, Document left, Held held) {
        return List.of(
                Shown.text(id.hex()),
                granted,
                left,
                Shown.number(held.keys),
                Shown.text(String.join(", ", held.resources)));
    }

    private static Map<LeaseId, Held> held(Session session) {
        Map<LeaseId, Held> held = new HashMap<>();
        try (Entries entries = session.keyspace().scan(KeyRange.all(), Scan.keys())) {
            while (entries.hasNext()) {
                Entry entry = entries.next();
                if (!entry.lease().isNone()) {
                    Held keys = held.computeIfAbsent(entry.lease(), _ -> new Held());
                    keys.keys++;
                    keys.resources.add(session.registry()
                            .folder(entry.key().bytes())
                            .orElse(entry.key().display()));
                }
            }
        }
        return held;
    }
}
