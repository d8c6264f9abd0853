package io.etcdmedic.command.inspect;

import io.etcdmedic.document.Document;
import java.util.List;

/// Keys and the bytes of their values.
final class Tally {
    private long keys;
    private long bytes;
    private long largest;

    void count(long valueBytes) {
        keys++;
        bytes += valueBytes;
        largest = Math.max(largest, valueBytes);
    }

    void add(Tally other) {
        keys += other.keys;
        bytes += other.bytes;
        largest = Math.max(largest, other.largest);
    }

    long keys() {
        return keys;
    }

    long bytes() {
        return bytes;
    }

    List<Document> row(String name) {
        return List.of(
                Shown.text(name),
                Shown.number(keys),
                Shown.number(bytes),
                Shown.number(keys == 0 ? 0 : bytes / keys),
                Shown.number(largest));
    }
}
