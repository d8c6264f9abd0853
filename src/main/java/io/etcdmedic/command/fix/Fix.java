package io.etcdmedic.command.fix;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.runbook.Request;
import io.etcdmedic.runbook.Runbook;
import io.etcdmedic.runbook.Runbooks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `fix`: lists the runbooks; `fix NAME`: finds out what is wrong and what would be done about it.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic fix                        the runbooks, and when to use each",
            "  medic fix servicecidr --cidr 10.43.0.0/16 --dry-run --snapshot snap.db",
            "  medic fix namespace doomed --dry-run --snapshot snap.db"
        })
public final class Fix implements Command {
    private static final List<Column> RUNBOOKS = List.of(Column.of("RUNBOOK", "runbook"), Column.of("WHEN", "when"));

    @CommandLine.Parameters(index = "0", arity = "0..1", paramLabel = "RUNBOOK", description = "the runbook's name")
    private Optional<String> name = Optional.empty();

    @CommandLine.Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "OBJECT",
            description = "the object, for a runbook that takes one")
    private Optional<String> object = Optional.empty();

    @CommandLine.Option(
            names = "--cidr",
            paramLabel = "A[,B]",
            description = "the service range that the kube-apiservers run with")
    private Optional<String> cidr = Optional.empty();

    @CommandLine.Option(
            names = "--vouch",
            paramLabel = "APISERVER",
            description = "a kube-apiserver that cannot be seen and runs with --cidr")
    private List<String> vouched = new ArrayList<>();

    @CommandLine.Option(
            names = "--accept",
            paramLabel = "RISK",
            description = "a risk that a refusal named: certificate, loss, apiservice, or a finalizer")
    private List<String> accepted = new ArrayList<>();

    @CommandLine.Option(names = "--dry-run", description = "run it over a copy in memory, and change nothing")
    private boolean dryRun;

    @Override
    public Report run(Session session) {
        if (name.isEmpty()) {
            return Report.of(new Content.Table(
                    RUNBOOKS, Runbooks.all().stream().map(Fix::row).toList()));
        }
        Runbook runbook = Runbooks.named(name.get());
        if (!dryRun) {
            throw new Failure.Refused(Problem.in("fixing " + runbook.name() + " in "
                            + session.keyspace().source())
                    .found("a database file is only read")
                    .hint("see what would be done: --dry-run"));
        }
        return new DryRun(session, runbook).of(request());
    }

    private Request request() {
        return new Request(
                object.orElse(""),
                cidr.map(Cidr::parseAll).orElse(List.of()),
                new HashSet<>(vouched),
                new HashSet<>(accepted),
                List.of());
    }

    private static List<Document> row(Runbook runbook) {
        return List.of(new Document.Text(runbook.name()), new Document.Text(runbook.when()));
    }
}
