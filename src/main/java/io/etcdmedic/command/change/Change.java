package io.etcdmedic.command.change;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.command.Session;
import io.etcdmedic.etcd.SnapshotSave;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.Signals;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Renderer;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.Faults;
import io.etcdmedic.repair.Narrator;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.RepairRun;
import io.etcdmedic.repair.Stop;
import io.etcdmedic.repair.Waiting;
import io.etcdmedic.repair.World;
import io.etcdmedic.repair.journal.FileLedger;
import io.etcdmedic.repair.journal.Ledger;
import io.etcdmedic.repair.journal.MemoryLedger;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.Wait;
import io.etcdmedic.repair.state.FileVault;
import io.etcdmedic.repair.state.PlanFile;
import io.etcdmedic.repair.state.StateFolder;
import io.etcdmedic.snapshot.SnapshotFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// From a plan to its outcome: written to a file, rehearsed over a copy, or shown, confirmed, run and reported.
///
/// Standard output gets the report alone; what is shown and asked meanwhile goes to standard error.
public final class Change {
    private final Session session;
    private final RunOptions options;
    private final Optional<Path> planFile;
    private final Site site;

    public Change(Session session, ChangeOptions options, Site site) {
        this(session, options.run(), options.plan(), site);
    }

    /// For plans that come out of a file or the journal.
    public Change(Session session, RunOptions options, Site site) {
        this(session, options, Optional.empty(), site);
    }

    private Change(Session session, RunOptions options, Optional<Path> planFile, Site site) {
        this.session = session;
        this.options = options;
        this.planFile = planFile;
        this.site = site;
    }

    /// Does with `plan` what the options say.
    ///
    /// @throws Failure.Refused by `--read-only`, by a guard, or by whoever was asked to confirm
    public Report of(Plan plan) {
        if (plan.isEmpty()) {
            return PlanView.nothingToDo(plan);
        }
        if (planFile.isPresent()) {
            return written(plan, planFile.get());
        }
        if (options.dryRun()) {
            return rehearsed(plan);
        }
        requireWritable();
        Ground ground = site.real();
        show(PlanView.shown(plan));
        if (!options.withSnapshot() && ground.cluster().isPresent()) {
            say("Suggested: --with-snapshot saves and verifies the whole cluster first.");
        }
        Confirmation.of(plan, clusterName(plan)).demand(session, plan);
        return applied(plan, ground);
    }

    /// Does the same with a plan that is good for one state of the world only, if that is the state it is in.
    ///
    /// @throws Failure.Stale when it is not; nothing is written, and nobody asked
    public Report unlessMoved(Plan plan) {
        if (!plan.isEmpty() && !options.dryRun()) {
            Outcome now = rehearsal(plan, _ -> {});
            if (now.result() == Outcome.Result.STALE) {
                throw new Failure.Stale(Problem.in("planning to " + plan.title())
                        .found("the world moved on: " + now.message())
                        .expected("what that change left behind")
                        .hint("nothing that is newer is ever overwritten: change it by hand, or with medic put"));
            }
        }
        return of(plan);
    }

    /// Runs a plan that was approved by its hash: nothing is asked.
    public Report approved(Plan plan) {
        if (plan.isEmpty()) {
            return PlanView.nothingToDo(plan);
        }
        if (options.dryRun()) {
            return rehearsed(plan);
        }
        requireWritable();
        return applied(plan, site.real());
    }

    /// Goes on with a plan that an earlier run began.
    public Report resumed(Plan plan) {
        requireWritable();
        return run(plan, site.real(), engine -> engine.resume(plan));
    }

    /// Settles what an earlier run left open and sends nothing more.
    public Report abandoned(Plan plan) {
        requireWritable();
        return run(plan, site.real(), engine -> engine.abandon(plan));
    }

    private Report written(Plan plan, Path file) {
        PlanFile written = PlanFile.write(file, plan);
        return Report.of(new Content.Prose(written.sha256() + "\n"))
                .saying("medic: plan " + plan.id().shortForm() + ", " + plan.title() + "; nothing was changed")
                .saying("medic: to read it: medic plan show " + file)
                .saying("medic: to run it:  medic plan apply " + file + " --approve " + written.sha256());
    }

    private Report rehearsed(Plan plan) {
        List<String> said = new ArrayList<>();
        return PlanView.rehearsed(plan, rehearsal(plan, said::add), said);
    }

    private Outcome rehearsal(Plan plan, Narrator narrator) {
        World world = world(site.rehearsal(plan), narrator, Stop.NEVER);
        return RepairRun.dry(world, new MemoryLedger(), new PassingVault()).apply(plan);
    }

    private Report applied(Plan plan, Ground ground) {
        if (options.withSnapshot()) {
            snapshot(plan, ground);
        }
        return run(plan, ground, engine -> engine.apply(plan));
    }

    /// Saves one member's whole database into the state folder, before anything of the plan is written anywhere.
    ///
    /// @throws Failure when it does not come whole: then nothing else is done
    private void snapshot(Plan plan, Ground ground) {
        if (ground.cluster().isEmpty() || !session.isLive()) {
            throw new Failure.Usage(Problem.in("saving a snapshot first")
                    .found("a plan that changes this machine only")
                    .hint("leave out --with-snapshot"));
        }
        Path file = session.state().forWriting().snapshots().resolve(plan.id().hex() + ".db");
        SnapshotSave saved = session.cluster().save(file, (_, _) -> {});
        SnapshotFile.open(file).close();
        say("Saved the whole cluster, " + saved.bytes() + " bytes at revision " + saved.revision() + " or later: "
                + file);
    }

    private Report run(Plan plan, Ground ground, Function<RepairRun, Outcome> way) {
        StateFolder folder = session.state().forWriting();
        try (Signals signals = Signals.open(() -> say("Stopping: what was sent is settled first."));
                FileLedger ledger = FileLedger.open(folder.journal(), folder.lock(), session.clock())) {
            World world = world(
                    ground,
                    this::say,
                    () -> session.stop().requested().or(() -> signals.first().map(Change::exitCode)));
            FileVault vault = new FileVault(folder, session.clock(), ground.view());
            RepairRun engine = RepairRun.real(world, ledger, vault);
            Outcome outcome = settled(plan, way.apply(engine), world, engine);
            return OutcomeReport.of(plan, outcome, isClosed(ledger, plan), session.format(Format.TABLE));
        }
    }

    private static boolean isClosed(Ledger ledger, Plan plan) {
        return Progress.of(ledger.records()).stream()
                .filter(progress -> progress.entry().equals(plan.id().hex()))
                .anyMatch(Progress::isClosed);
    }

    /// With `--wait-settled`, what is pending is waited for; what does not come makes the outcome "not verified".
    private Outcome settled(Plan plan, Outcome outcome, World world, RepairRun engine) {
        if (!options.waitSettled() || outcome.pending().isEmpty()) {
            return outcome;
        }
        for (Wait wait : plan.settled()) {
            Optional<String> trouble = Waiting.settled(world, wait, Revision.of(outcome.revision()));
            if (trouble.isPresent()) {
                return outcome.notSettled(trouble.get());
            }
        }
        return outcome.result() == Outcome.Result.INCOMPLETE ? engine.resume(plan) : outcome.settled();
    }

    private World world(Ground ground, Narrator narrator, Stop stop) {
        return new World(
                ground.keyspace(),
                ground.cluster(),
                ground.api(),
                ground.host(),
                new DecodedFields(ground.decoder()),
                ground.named(),
                session.clock(),
                new SecureRandom(),
                World.Pause.REAL,
                narrator,
                stop,
                Faults.NONE);
    }

    private void requireWritable() {
        if (session.readOnly()) {
            throw new Failure.Refused(Problem.in("changing anything")
                    .found("--read-only, or readOnly in the profile")
                    .hint("leave it out to write; --dry-run and --plan FILE work with it"));
        }
    }

    private String clusterName(Plan plan) {
        return session.profileName().orElse(plan.binding().clusterId());
    }

    /// On standard error, as a table would stand on standard output.
    private void show(Report report) {
        Console console = session.console();
        new Renderer(
                        new Console(
                                console.in(),
                                console.err(),
                                console.err(),
                                console.talkTerminal(),
                                console.talkTerminal(),
                                console.colour()),
                        Format.TABLE)
                .write(report);
    }

    private void say(String text) {
        session.console().err().println(Escape.multiline(text));
        session.console().err().flush();
    }

    private static ExitCode exitCode(Signals.Caught signal) {
        return switch (signal) {
            case HUP -> ExitCode.HANGUP;
            case INT -> ExitCode.INTERRUPTED;
            case TERM -> ExitCode.TERMINATED;
        };
    }
}
