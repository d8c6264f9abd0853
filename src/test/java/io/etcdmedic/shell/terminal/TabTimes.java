package io.etcdmedic.shell.terminal;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.snapshot.RealEtcd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Says how long Tab takes at a live etcd and at its snapshot: the first press, until the names are there, and
/// pressed again; and for how long the prompt was kept waiting at most.
///
/// Argument: how many keys.
final class TabTimes {
    /// etcd takes 128 operations a transaction.
    private static final int TRANSACTION_KEYS_MAX = 120;
    private static final List<String> LINES = List.of(
            "get /registry/",
            "get /registry/pods/",
            "get /registry/pods/namespace-007/",
            "get pods -n namespace-007 pod-1",
            "get pods -n ");

    private TabTimes() {}

    public static void main(String[] arguments) throws Exception {
        int keys = Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("tab-times");
        try (RealEtcd etcd = RealEtcd.start(RealEtcd.binaries().getFirst(), folder.resolve("data"), List.of())) {
            fill(etcd, keys);
            Path snapshot = folder.resolve("snap.db");
            etcd.save(snapshot);
            System.out.printf("%-46s %10s %10s %10s%n", keys + " keys", "first", "there", "again");
            measure("live", List.of("--endpoints", etcd.endpoint()));
            measure("file", List.of("--snapshot", snapshot.toString()));
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /// Pods of a hundred namespaces, and their leases and ConfigMaps.
    private static void fill(RealEtcd etcd, int keys) throws Exception {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            String namespace = "namespace-%03d".formatted(i % 100);
            String key = i < 100
                    ? "namespaces/" + namespace
                    : List.of("configmaps/", "pods/", "leases/").get(i / 100 % 3) + namespace + "/pod-" + i;
            writes.add(new Write.Put(Key.of("/registry/" + key), Bytes.utf8("x"), LeaseId.NONE));
            if (writes.size() == TRANSACTION_KEYS_MAX || i == keys - 1) {
                var _ = etcd.commit(writes);
                writes.clear();
            }
        }
    }

    private static void measure(String label, List<String> source) {
        long[] blocked = new long[LINES.size() * 3];
        int presses = 0;
        for (String line : LINES) {
            try (TabKey tab = TabKey.at(source)) {
                Completion.warm(tab.interpreter().catalog());
                long start = System.nanoTime();
                int offered = tab.press(line).size();
                long first = System.nanoTime() - start;
                long longest = first;
                // A press is quick once all is there; before, it waits.
                long last = first;
                for (int i = 0; i < 200 && (offered == 0 || millis(last) > 100); i++) {
                    long pressed = System.nanoTime();
                    offered = tab.press(line).size();
                    last = System.nanoTime() - pressed;
                    longest = Math.max(longest, last);
                }
                long there = System.nanoTime() - start;
                start = System.nanoTime();
                int _ = tab.press(line).size();
                long again = System.nanoTime() - start;
                System.out.printf(
                        "%-46s %7d ms %7d ms %7d ms%n",
                        label + ": " + line + "  (" + offered + ")", millis(first), millis(there), millis(again));
                blocked[presses] = longest;
                presses++;
            }
        }
        System.out.printf(
                "%s: the prompt waited at most %d ms%n",
                label, millis(Arrays.stream(blocked).max().orElse(0)));
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
