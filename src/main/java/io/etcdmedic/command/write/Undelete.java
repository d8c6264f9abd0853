package io.etcdmedic.command.write;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.KeyWords;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.Change;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.command.change.Grounds;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Gone;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.KeyCell;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.runbook.keys.Bygone;
import io.etcdmedic.runbook.keys.Restoration;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `undelete [KEY]`: brings a deleted key back from etcd's history, or lists what can be brought back.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic undelete                         what is gone and still in the history",
            "  medic undelete --prefix /registry/services/",
            "  medic undelete svc/web -n shop         as it was when it was deleted",
            "  medic undelete svc/web -n shop --revision 900",
            "etcd forgets at each compaction: kube-apiserver compacts what is older than five minutes."
        })
public final class Undelete implements Command {
    private static final List<Column> GONE = List.of(
            Column.key("KEY", "key"),
            Column.of("WRITTEN AT", "revision"),
            Column.of("DELETED AT", "deleteRevision"),
            Column.bytes("SIZE", "valueBytes"));

    @CommandLine.Parameters(arity = "0..*", paramLabel = "KEY", description = "one key, or a resource and a name")
    private List<String> words = new ArrayList<>();

    @CommandLine.Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "namespace (default: default)")
    private String namespace = "default";

    @CommandLine.Option(names = "--prefix", paramLabel = "PREFIX", description = "list what is gone below it")
    private Optional<String> prefix = Optional.empty();

    @CommandLine.Option(names = "--revision", paramLabel = "N", description = "as it was at this revision")
    private Optional<Long> revision = Optional.empty();

    @CommandLine.Mixin
    private ChangeOptions options = new ChangeOptions();

    @Override
    public Report run(Session session) {
        Keyspace keyspace = session.keyspace();
        if (words.isEmpty()) {
            KeyRange range = KeyRange.prefix(prefix.map(session::key)
                    .orElseGet(() -> Key.of(session.registry().prefix() + "/")));
            return listed(Bygone.below(keyspace, range, revision.map(Revision::of)));
        }
        List<Key> keys = new KeyWords(session, namespace).parse(words).keys();
        if (keys.size() != 1) {
            throw new Failure.Usage(Problem.in("reading the command line")
                    .found(keys.size() + " keys")
                    .expected("one key, or none for the list"));
        }
        Grounds grounds = new Grounds(session);
        Binding now = grounds.binding();
        Entry bygone = Bygone.of(keyspace, keys.getFirst(), revision.map(Revision::of));
        Plan plan = new Restoration(session.registry(), grounds.decoder(), keyspace, false)
                .of(List.of(bygone), "revision " + bygone.modRevision(), "undelete", now)
                .build(PlanId.random(new SecureRandom()), session.clock().instant());
        return new Change(session, options, grounds.site()).of(plan);
    }

    private static Report listed(List<Gone> gone) {
        List<List<Document>> rows = new ArrayList<>();
        for (Gone each : gone) {
            rows.add(List.of(
                    KeyCell.of(each.key()),
                    new Document.Whole(each.written().number()),
                    new Document.Whole(each.deleted().number()),
                    new Document.Whole(each.valueBytes())));
        }
        return Report.of(new Content.Table(GONE, rows));
    }
}
