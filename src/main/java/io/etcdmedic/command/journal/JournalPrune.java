package io.etcdmedic.command.journal;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.Fences;
import io.etcdmedic.repair.journal.FileLedger;
import io.etcdmedic.repair.state.Pruning;
import io.etcdmedic.repair.state.State;
import io.etcdmedic.repair.state.StateFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `journal prune`: removes archives that no open or undoable entry needs; the newest stays.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic journal prune --dry-run    which archives would go",
            "  medic journal prune              removes archives of changes that were taken back, or changed nothing",
            "  medic journal prune --older-than-days 90   gives up the undo of older changes, too",
            "  medic journal prune --fences     keys in etcd that killed runs left behind (medic journal verify lists them)"
        })
public final class JournalPrune implements Command {
    @CommandLine.Option(names = "--dry-run", description = "only name them")
    private boolean dryRun;

    @CommandLine.Option(
            names = "--older-than-days",
            paramLabel = "N",
            description = "also archives of closed changes that are older: these can no longer be undone")
    private Optional<Integer> olderThanDays = Optional.empty();

    @CommandLine.Option(
            names = "--fences",
            description = "instead: the keys in etcd that killed runs left behind and that decide nothing any more")
    private boolean fences;

    @Override
    public Report run(Session session) {
        if (fences) {
            return fences(session);
        }
        if (dryRun) {
            return list(pruning(session, State.read(session.state())).files());
        }
        StateFolder folder = session.state().forWriting();
        try (FileLedger _ = FileLedger.open(folder.journal(), folder.lock(), session.clock())) {
            Pruning pruning = pruning(session, State.read(folder));
            pruning.remove();
            return list(pruning.files());
        }
    }

    private Report fences(Session session) {
        if (dryRun) {
            return keys(
                    Fences.in(session.keyspace(), State.read(session.state()).entries()).stream()
                            .filter(left -> left.use() == Fences.Use.NONE)
                            .map(Fences.Left::key)
                            .toList());
        }
        if (session.readOnly() || !(session.keyspace() instanceof WritableKeyspace keyspace)) {
            throw new Failure.Refused(Problem.in("removing left over fences")
                    .found(
                            session.readOnly()
                                    ? "--read-only, or readOnly in the profile"
                                    : "a source that is only read")
                    .hint("--dry-run names them"));
        }
        StateFolder folder = session.state().forWriting();
        try (FileLedger _ = FileLedger.open(folder.journal(), folder.lock(), session.clock())) {
            return keys(Fences.clear(keyspace, State.read(folder).entries()));
        }
    }

    private static Report keys(List<Key> keys) {
        return Report.of(new Content.Items(
                keys.stream()
                        .map(key -> new Content.Item(key.bytes(), new Text(key.display())))
                        .toList(),
                false));
    }

    private Pruning pruning(Session session, State state) {
        if (olderThanDays.filter(days -> days < 0).isPresent()) {
            throw new Failure.Usage(Problem.in("reading --older-than-days")
                    .found(olderThanDays.get().toString())
                    .expected("a number of days, 0 or more"));
        }
        return Pruning.of(
                state, olderThanDays.map(days -> session.clock().instant().minus(Duration.ofDays(days))));
    }

    private static Report list(List<Path> files) {
        return Report.of(new Content.Items(
                files.stream()
                        .map(file -> new Content.Item(Bytes.utf8(file.toString()), new Text(file.toString())))
                        .toList(),
                false));
    }
}
