package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import java.util.LinkedHashMap;
import java.util.Optional;
import picocli.CommandLine;

/// `ls [PREFIX]`: keys, one a line.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic ls                                every key below the registry's prefix",
            "  medic ls /registry/services/            every key that begins so",
            "  medic ls -l /registry/minions/          with revisions and sizes",
            "  medic ls --all -o jsonl                 every key of the keyspace, as data"
        })
public final class Ls implements Command {
    @CommandLine.Parameters(arity = "0..1", paramLabel = "PREFIX", description = "keys that begin so")
    private Optional<String> prefix = Optional.empty();

    @CommandLine.Option(names = "--all", description = "also the keys outside the registry's prefix")
    private boolean all;

    @CommandLine.Option(
            names = {"-l", "--long"},
            description = "with revisions, lease and size")
    private boolean withMeta;

    @CommandLine.Option(names = "--revision", paramLabel = "N", description = "as it was at this revision")
    private Optional<Long> revision = Optional.empty();

    @Override
    public boolean isQuick() {
        return true;
    }

    @Override
    public Report run(Session session) {
        KeyRange range = Ranges.of(session, prefix, all);
        Scan.Content wanted =
                withMeta || session.format(Format.NAME) == Format.META ? Scan.Content.VALUES : Scan.Content.KEYS;
        Scan scan = new Scan(revision.map(Revision::of), wanted);
        var entries = session.keyspace().scan(range, scan);
        Ranges.requireSome(session, range, entries);
        return Report.of(
                wanted == Scan.Content.VALUES
                        ? new Content.Table(Shown.META, new Listing<>(entries, Shown::meta))
                        : new Content.Items(
                                new Listing<>(entries, e -> Shown.item(e.key(), new LinkedHashMap<>())), false));
    }
}
