package io.etcdmedic.bench;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.snapshot.SnapshotCheck;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.nio.file.Path;
import java.util.Optional;

/// Reads a snapshot one way and says how long it took and how much heap it used; run it with -Xmx256m.
///
/// Arguments: the snapshot; `get KEY`, `keys`, `values`, `hash` or `verify`.
final class ReadSnapshot {
    private ReadSnapshot() {}

    public static void main(String[] arguments) {
        Path path = Path.of(arguments[0]);
        long start = System.nanoTime();
        String found = arguments[1].equals("verify")
                ? String.valueOf(SnapshotCheck.of(path).isSound())
                : read(path, arguments);
        long millis = (System.nanoTime() - start) / 1_000_000;
        long heap = (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
        System.out.println(arguments[1] + ": " + found + " in " + millis + " ms, heap in use " + heap + " MB");
    }

    private static String read(Path path, String[] arguments) {
        try (SnapshotKeyspace keyspace = SnapshotFile.open(path)) {
            return switch (arguments[1]) {
                case "get" ->
                    keyspace.get(new Key(Escape.parse(arguments[2]))).isPresent() + " (" + keyspace.revision() + ")";
                case "keys" -> scan(keyspace, Scan.keys());
                case "values" -> scan(keyspace, Scan.values());
                case "hash" -> keyspace.hash(Optional.empty()).hex();
                default -> throw new IllegalArgumentException(arguments[1]);
            };
        }
    }

    private static String scan(SnapshotKeyspace keyspace, Scan scan) {
        long keys = 0;
        long bytes = 0;
        try (Entries entries = keyspace.scan(KeyRange.all(), scan)) {
            while (entries.hasNext()) {
                bytes += entries.next().value().length();
                keys++;
            }
        }
        return keys + " keys, " + bytes + " bytes";
    }
}
