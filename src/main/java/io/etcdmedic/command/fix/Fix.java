package io.etcdmedic.command.fix;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.Change;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.command.change.EtcdSite;
import io.etcdmedic.command.change.NoHost;
import io.etcdmedic.command.change.Site;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.runbook.ApiServerRestart;
import io.etcdmedic.runbook.Decoder;
import io.etcdmedic.runbook.Request;
import io.etcdmedic.runbook.Runbook;
import io.etcdmedic.runbook.Runbooks;
import io.etcdmedic.runbook.Scene;
import java.nio.file.Path;
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
            "  medic fix servicecidr --kubeconfig admin.conf",
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
            description = "a risk that a refusal named: certificate, window, outside, loss, apiservice, load-balancer,"
                    + " endpoints, or a finalizer")
    private List<String> accepted = new ArrayList<>();

    @CommandLine.Option(
            names = "--from",
            paramLabel = "SNAPSHOT",
            description = "an older snapshot of the same cluster, to take good values from (undecodable)")
    private Optional<Path> from = Optional.empty();

    @CommandLine.Option(
            names = "--restart",
            description = "at the end, restart the kube-apiserver of this machine the way it was started")
    private boolean restart;

    @CommandLine.Option(
            names = "--restart-command",
            paramLabel = "WORDS",
            description = "at the end, run this command, which restarts the kube-apiserver of this machine: an absolute"
                    + " program and its arguments, parted by spaces; no shell")
    private Optional<String> restartCommand = Optional.empty();

    @CommandLine.Mixin
    private ChangeOptions change = new ChangeOptions();

    @Override
    public Report run(Session session) {
        if (name.isEmpty()) {
            return Report.of(new Content.Table(
                    RUNBOOKS, Runbooks.all().stream().map(Fix::row).toList()));
        }
        if (restartCommand.isPresent() && change.plan().isPresent()) {
            throw new Failure.Usage(Problem.in("writing a plan")
                    .found("--restart-command")
                    .expected("a plan that says itself what it runs")
                    .hint("leave it out, and run the command yourself when the plan was applied"));
        }
        Runbook runbook = Runbooks.named(name.get());
        if (session.isLive()) {
            session.expectApi();
        }
        Decoder decoder = session.codec()::document;
        Scenery scenery = new Scenery(session, decoder, from);
        EtcdSite file = new EtcdSite(session, decoder, new NoHost(), target());
        Scene scene = session.isLive() ? scenery.live() : scenery.played(file.copy());
        Request request = request(scene);
        Plan plan = runbook.plan(scene, request);
        Site site = new EtcdSite(session, decoder, new RestartAccess(request.restart()), target());
        Report report = new Change(session, change, site).of(plan);
        boolean ran = !plan.isEmpty() && !change.dryRun() && change.plan().isEmpty();
        for (String line : ran ? runbook.afterwards(scene) : List.<String>of()) {
            report = report.saying("medic: " + line);
        }
        return report;
    }

    private List<Cidr> target() {
        return cidr.map(Cidr::parseAll).orElse(List.of());
    }

    private Request request(Scene scene) {
        return new Request(
                object.orElse(""),
                target(),
                new HashSet<>(vouched),
                new HashSet<>(accepted),
                restartCommand.map(Fix::command).orElseGet(() -> restart ? found(scene) : List.of()));
    }

    private static List<String> command(String words) {
        List<String> argv = List.of(words.strip().split("\\s+"));
        if (!argv.getFirst().startsWith("/")) {
            throw new Failure.Usage(Problem.in("reading --restart-command")
                    .found(argv.getFirst())
                    .expected("the absolute path of a program"));
        }
        return argv;
    }

    private static List<String> found(Scene scene) {
        return ApiServerRestart.here(scene)
                .orElseThrow(() ->
                        new Failure.Usage(Problem.in("looking how the kube-apiserver of this machine is restarted")
                                .found("none runs here that systemd, docker or the kubelet started")
                                .hint("--restart-command 'PROGRAM ARGUMENT …'")));
    }

    private static List<Document> row(Runbook runbook) {
        return List.of(new Document.Text(runbook.name()), new Document.Text(runbook.when()));
    }
}
