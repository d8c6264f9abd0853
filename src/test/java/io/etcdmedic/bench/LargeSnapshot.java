package io.etcdmedic.bench;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.snapshot.RealEtcd;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes a large snapshot by copying the objects of a small one into a local etcd, again and again under new names.
///
/// Arguments: the small snapshot, the file to write, how many keys (790000 make about 1.3 GB).
final class LargeSnapshot {
    /// etcd takes 128 operations and 1.5 MiB a transaction.
    private static final int TRANSACTION_KEYS_MAX = 120;
    private static final int TRANSACTION_BYTES_MAX = 900_000;

    private LargeSnapshot() {}

    public static void main(String[] arguments) throws Exception {
        Path output = Path.of(arguments[1]);
        long wanted = Long.parseLong(arguments[2]);
        List<Entry> patterns = patterns(Path.of(arguments[0]));
        Path data = Files.createTempDirectory("large-snapshot");
        try (RealEtcd etcd = RealEtcd.start(
                RealEtcd.binaries().getFirst(), data.resolve("data"), List.of("--quota-backend-bytes=8589934592"))) {
            clone(etcd, patterns, wanted);
            etcd.save(output);
        }
    }

    private static void clone(RealEtcd etcd, List<Entry> patterns, long wanted) throws Exception {
        List<Write> writes = new ArrayList<>();
        int bytes = 0;
        for (long made = 0; made < wanted; made++) {
            Entry pattern = patterns.get((int) (made % patterns.size()));
            long round = made / patterns.size();
            Bytes suffix = round == 0 ? Bytes.EMPTY : Bytes.utf8("-clone-" + round);
            Key key = new Key(pattern.key().bytes().concat(suffix));
            writes.add(new Write.Put(key, pattern.value(), LeaseId.NONE));
            bytes += pattern.value().length();
            if (writes.size() == TRANSACTION_KEYS_MAX || bytes > TRANSACTION_BYTES_MAX || made == wanted - 1) {
                etcd.commit(writes);
                writes.clear();
                bytes = 0;
            }
        }
    }

    private static List<Entry> patterns(Path small) {
        List<Entry> patterns = new ArrayList<>();
        try (SnapshotKeyspace keyspace = SnapshotFile.open(small);
                Entries entries = keyspace.scan(KeyRange.all(), Scan.values())) {
            entries.forEachRemaining(patterns::add);
        }
        return patterns;
    }
}
