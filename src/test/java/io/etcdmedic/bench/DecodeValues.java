package io.etcdmedic.bench;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Encoding;
import io.etcdmedic.codec.protobuf.Shapes;
import io.etcdmedic.codec.protobuf.Transcoder;
import io.etcdmedic.document.JsonOutput;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.schema.Schema;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How fast stored protobuf becomes JSON on one core, at steady state, by the thread's own CPU time: what else
/// the machine does at the time does not count.
///
/// Arguments: a snapshot, and how many seconds to measure after as many of warming up. Says objects, bytes in
/// and bytes out a second, and what was allocated for each byte of output.
final class DecodeValues {
    private DecodeValues() {}

    public static void main(String[] arguments) {
        long began = System.nanoTime();
        Shapes shapes = new Shapes(Schema.builtIn());
        JsonOutput out = new JsonOutput(1 << 16);
        Transcoder transcoder = new Transcoder(shapes, out);
        System.out.printf(Locale.ROOT, "schema opened in        %8.1f ms%n", (System.nanoTime() - began) / 1e6);
        List<Bytes> values = values(Path.of(arguments[0]));
        long seconds = Long.parseLong(arguments[1]);
        round(values, transcoder, out);
        run(values, transcoder, out, seconds);
        print(run(values, transcoder, out, seconds), values);
    }

    /// @param rounds how often every value was decoded
    private record Measured(long rounds, long nanos, long bytesOut, long allocated) {}

    private static Measured run(List<Bytes> values, Transcoder transcoder, JsonOutput out, long seconds) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        long cpuBefore = threads.getCurrentThreadCpuTime();
        long rounds = 0;
        long bytes = 0;
        while (System.nanoTime() - start < seconds * 1_000_000_000L) {
            bytes += round(values, transcoder, out);
            rounds++;
        }
        long nanos = threads.getCurrentThreadCpuTime() - cpuBefore;
        return new Measured(rounds, nanos, bytes, threads.getCurrentThreadAllocatedBytes() - allocatedBefore);
    }

    private static long round(List<Bytes> values, Transcoder transcoder, JsonOutput out) {
        long bytes = 0;
        for (Bytes value : values) {
            out.clear();
            transcoder.append(value, 1);
            bytes += out.length();
        }
        return bytes;
    }

    private static void print(Measured measured, List<Bytes> values) {
        double seconds = measured.nanos() / 1e9;
        long bytesIn = values.stream().mapToLong(Bytes::length).sum();
        System.out.printf(
                Locale.ROOT, "values                  %8d of %d bytes%n", values.size(), bytesIn / values.size());
        System.out.printf(Locale.ROOT, "objects a second        %8.0f%n", measured.rounds() * values.size() / seconds);
        System.out.printf(Locale.ROOT, "MB/s in                 %8.0f%n", measured.rounds() * bytesIn / seconds / 1e6);
        System.out.printf(Locale.ROOT, "MB/s out                %8.0f%n", measured.bytesOut() / seconds / 1e6);
        System.out.printf(
                Locale.ROOT, "allocated for a byte out%8.2f%n", (double) measured.allocated() / measured.bytesOut());
    }

    private static List<Bytes> values(Path snapshot) {
        List<Bytes> values = new ArrayList<>();
        try (SnapshotKeyspace keyspace = SnapshotFile.open(snapshot);
                Entries entries = keyspace.scan(KeyRange.all(), Scan.values())) {
            entries.forEachRemaining(entry -> {
                if (Encoding.of(entry.value())
                        .filter(e -> e == Encoding.PROTOBUF)
                        .isPresent()) {
                    values.add(Bytes.copyOf(entry.value().toArray()));
                }
            });
        }
        return values;
    }
}
