package io.etcdmedic.command.backup;

import io.etcdmedic.archive.ArchiveKeyspace;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Selection;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.SoundFile;
import io.etcdmedic.command.change.Change;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.command.change.Grounds;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.runbook.keys.Restoration;
import io.etcdmedic.snapshot.SnapshotFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/// `restore [SELECTOR…] --from FILE`: writes kept values back, byte for byte.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic restore svc/web -n shop --from shop.tar.gz --dry-run",
            "  medic restore svc/web -n shop --from shop.tar.gz         only if it is gone",
            "  medic restore svc/web -n shop --from snap.db --replace   over what is there, if it is as it was seen",
            "  medic restore -n shop --from snap.db                     a whole namespace, in the order that it needs",
            "  medic restore -n shop -l app=web --from snap.db          of it what has the label",
            "To restore a whole cluster: medic snapshot restore --help"
        })
public final class Restore implements Command {
    @CommandLine.Parameters(arity = "0..*", paramLabel = "SELECTOR", description = "keys, or a resource and names")
    private List<String> words = new ArrayList<>();

    @CommandLine.Mixin
    private Selection selection = new Selection();

    @CommandLine.Option(
            names = "--from",
            required = true,
            paramLabel = "FILE",
            description = "an archive, or an etcd database file")
    private Path from = Path.of("");

    @CommandLine.Option(
            names = "--damaged",
            description = "take from a database file whose content is not what etcd wrote")
    private boolean damaged;

    @CommandLine.Option(names = "--replace", description = "overwrite what is there, if it is still as it was seen")
    private boolean replace;

    @CommandLine.Option(
            names = "--max-objects",
            paramLabel = "N",
            description = "refuse to write more than N (default: 1000)")
    private int objectsMax = 1000;

    @CommandLine.Mixin
    private ChangeOptions options = new ChangeOptions();

    @Override
    public Report run(Session session) {
        List<Entry> kept = kept(session);
        Grounds grounds = new Grounds(session);
        Binding now = grounds.binding();
        PlanDraft draft = new Restoration(session.registry(), grounds.decoder(), session.keyspace(), replace)
                .of(kept, from.getFileName().toString(), "restore", now);
        var plan =
                draft.build(PlanId.random(new SecureRandom()), session.clock().instant());
        if (plan.steps().size() > objectsMax) {
            throw new Failure.Refused(Problem.in("planning the restore")
                    .found(plan.steps().size() + " keys to write")
                    .expected("at most " + objectsMax)
                    .hint("name what you need, or --max-objects " + plan.steps().size()));
        }
        return new Change(session, options, grounds.site()).of(plan);
    }

    private List<Entry> kept(Session session) {
        boolean archive = ArchiveKeyspace.looksLikeOne(from);
        if (!archive && !damaged) {
            SoundFile.require(
                    session, from, "look at each object with medic get --snapshot " + from + ", and add --damaged");
        }
        try (Keyspace kept = archive ? ArchiveKeyspace.open(from) : session.shown(SnapshotFile.open(from))) {
            sayWhenOfAnother(session, kept);
            return within(session, kept, selection.ranges(session, kept, words));
        }
    }

    private List<Entry> within(Session session, Keyspace source, List<KeyRange> ranges) {
        List<Entry> found = new ArrayList<>();
        for (KeyRange range : ranges) {
            try (Entries entries = source.scan(range, Scan.values())) {
                if (!words.isEmpty() && !entries.hasNext()) {
                    throw Selection.nothing(source.source().toString(), range);
                }
                entries.forEachRemaining(entry -> {
                    if (selection.labels().takes(session, entry)) {
                        found.add(entry);
                    }
                });
            }
        }
        if (selection.labels().isGiven()) {
            selection.labels().judge(session, found.size(), source.source().toString());
        }
        if (found.isEmpty()) {
            throw Selection.nothing(source.source().toString(), ranges.getFirst());
        }
        return found;
    }

    /// An archive knows its cluster; a database file does not.
    private static void sayWhenOfAnother(Session session, Keyspace source) {
        String kept = source.source().clusterId();
        String here = session.keyspace().source().clusterId();
        if (!kept.isEmpty() && !here.isEmpty() && !kept.equals(here)) {
            session.mention("the archive is of cluster " + kept + ", and this is " + here
                    + ": what it refers to may not exist here");
        }
    }
}
