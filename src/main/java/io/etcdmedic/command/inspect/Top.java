package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Restart;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;
import picocli.CommandLine;

/// `top`: what is largest, and what changes most.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic top                               the largest values",
            "  medic top --by versions --limit 5       the keys written most often",
            "  medic top --by namespace                namespaces by bytes",
            "  medic top --by resource                 resources by bytes"
        })
public final class Top implements Command {
    enum By {
        SIZE,
        VERSIONS,
        RESOURCE,
        NAMESPACE
    }

    @CommandLine.Option(names = "--by", paramLabel = "WHAT", description = "size, versions, resource or namespace")
    private By by = By.SIZE;

    @CommandLine.Option(names = "--limit", paramLabel = "N", description = "rows (default: 20)")
    private int limit = 20;

    @Override
    public Report run(Session session) {
        RegistryKeys registry = session.registry();
        return switch (by) {
            case SIZE ->
                largest(session, Comparator.comparingLong((Entry e) -> e.value().length()));
            case VERSIONS -> largest(session, Comparator.comparingLong(Entry::version));
            case RESOURCE ->
                grouped(session, "RESOURCE", key -> registry.folder(key.bytes()).orElse(Stat.OUTSIDE));
            case NAMESPACE ->
                grouped(
                        session,
                        "NAMESPACE",
                        key -> registry.parse(key.bytes())
                                .map(n -> n.namespace().isEmpty() ? "(none)" : n.namespace())
                                .orElse("(none)"));
        };
    }

    private Report largest(Session session, Comparator<Entry> order) {
        List<Entry> most = Restart.onCompaction(() -> most(session, order));
        return Report.of(
                new Content.Table(Shown.META, most.stream().map(Shown::meta).toList()));
    }

    /// Only `limit` values are held at a time.
    private List<Entry> most(Session session, Comparator<Entry> order) {
        PriorityQueue<Entry> held = new PriorityQueue<>(order);
        try (Entries entries = session.keyspace().scan(KeyRange.all(), Scan.values())) {
            while (entries.hasNext()) {
                held.add(entries.next());
                if (held.size() > limit) {
                    held.remove();
                }
            }
        }
        List<Entry> sorted = new java.util.ArrayList<>(held);
        sorted.sort(Collections.reverseOrder(order).thenComparing(Entry::key));
        return sorted;
    }

    private Report grouped(Session session, String heading, Function<Key, String> group) {
        Map<String, Tally> tallies = Restart.onCompaction(() -> {
            Map<String, Tally> counted = new HashMap<>();
            session.keyspace()
                    .sizes(
                            KeyRange.all(),
                            Optional.empty(),
                            (key, valueBytes) -> counted.computeIfAbsent(group.apply(key), _ -> new Tally())
                                    .count(valueBytes));
            return counted;
        });
        List<List<Document>> rows = tallies.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(
                        Comparator.comparingLong(Tally::bytes).reversed()))
                .limit(limit)
                .map(e -> e.getValue().row(e.getKey()))
                .toList();
        List<Column> columns = List.of(
                Column.of(heading, heading.toLowerCase(java.util.Locale.ROOT)),
                Column.of("KEYS", "keys"),
                Column.bytes("VALUES", "valueBytes"),
                Column.bytes("AVERAGE", "valueBytesAverage"),
                Column.bytes("LARGEST", "valueBytesMax"));
        return Report.of(new Content.Table(columns, rows));
    }
}
