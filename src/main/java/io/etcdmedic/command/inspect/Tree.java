package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.util.Optional;
import picocli.CommandLine;

/// `tree [PREFIX]`: keys as folders, counted.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic tree                              the registry, two folders deep",
            "  medic tree /registry/services --depth 4",
            "  medic tree --all                        also the keys outside the registry's prefix"
        })
public final class Tree implements Command {
    @CommandLine.Parameters(arity = "0..1", paramLabel = "PREFIX", description = "keys that begin so")
    private Optional<String> prefix = Optional.empty();

    @CommandLine.Option(names = "--all", description = "also the keys outside the registry's prefix")
    private boolean all;

    @CommandLine.Option(names = "--depth", paramLabel = "N", description = "folders below the prefix (default: 2)")
    private int depth = 2;

    @CommandLine.Option(names = "--revision", paramLabel = "N", description = "as it was at this revision")
    private Optional<Long> revision = Optional.empty();

    @Override
    public Report run(Session session) {
        var range = Ranges.of(session, prefix, all);
        Scan scan = new Scan(revision.map(Revision::of), Scan.Content.KEYS);
        try (Entries entries = session.keyspace().scan(range, scan)) {
            Ranges.requireSome(session, range, entries);
            String root = range.equals(KeyRange.all()) ? "" : range.from().display();
            Folder top = new Folder(root);
            while (entries.hasNext()) {
                top.add(entries.next().key().display(), depth);
            }
            return Report.of(new Content.Tree(top.branch()));
        }
    }
}
