package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Restart;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.ProgressBar;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;

/// `stat`: keys and bytes per resource.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic stat                              keys and bytes per resource, largest first",
            "  medic stat -o json                      as data, sizes in bytes",
            "  medic stat --revision 1000              as it was",
            "  medic stat --encoding                   protobuf, JSON, CBOR, encrypted with which key, undecodable"
        })
public final class Stat implements Command {
    static final String OUTSIDE = "(outside the prefix)";
    private static final List<Column> COLUMNS = List.of(
            Column.of("RESOURCE", "resource"),
            Column.of("KEYS", "keys"),
            Column.bytes("VALUES", "valueBytes"),
            Column.bytes("AVERAGE", "valueBytesAverage"),
            Column.bytes("LARGEST", "valueBytesMax"));

    @CommandLine.Option(names = "--revision", paramLabel = "N", description = "as it was at this revision")
    private Optional<Long> revision = Optional.empty();

    @CommandLine.Option(
            names = "--encoding",
            description = "how values are stored: format, version, provider and key, per resource")
    private boolean encoding;

    @Override
    public Report run(Session session) {
        if (encoding) {
            return Report.of(Restart.onCompaction(
                    () -> new StoredForms(session).of(new Scan(revision.map(Revision::of), Scan.Content.VALUES))));
        }
        RegistryKeys registry = session.registry();
        Map<String, Tally> tallies = Restart.onCompaction(() -> count(session, registry));
        List<List<Document>> rows = new ArrayList<>();
        Tally total = new Tally();
        tallies.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.comparingLong(Tally::bytes)
                        .thenComparingLong(Tally::keys)
                        .reversed()))
                .forEach(e -> rows.add(e.getValue().row(e.getKey())));
        tallies.values().forEach(total::add);
        rows.add(total.row("(all)"));
        return Report.of(new Content.Table(COLUMNS, rows));
    }

    private Map<String, Tally> count(Session session, RegistryKeys registry) {
        Map<String, Tally> tallies = new HashMap<>();
        Keyspace keyspace = session.keyspace();
        Optional<Revision> at = revision.map(Revision::of);
        // A file shows its own progress.
        boolean shown = session.isLive() && session.console().talkTerminal();
        long all = shown ? keyspace.count(KeyRange.all(), at) : 0;
        AtomicLong done = new AtomicLong();
        try (ProgressBar bar = session.progress("counting", ProgressBar.Unit.KEYS)) {
            keyspace.sizes(KeyRange.all(), at, (key, valueBytes) -> {
                String folder = registry.folder(key.bytes()).orElse(OUTSIDE);
                tallies.computeIfAbsent(folder, _ -> new Tally()).count(valueBytes);
                if (shown) {
                    bar.at(done.incrementAndGet(), all);
                }
            });
        }
        return tallies;
    }
}
