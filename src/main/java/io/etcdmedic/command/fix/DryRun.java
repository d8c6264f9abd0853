package io.etcdmedic.command.fix;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.apiserver.PlayedApi;
import io.etcdmedic.apiserver.PlayedCluster;
import io.etcdmedic.apiserver.PlayedKeyspace;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.DecodedFields;
import io.etcdmedic.command.change.NoHost;
import io.etcdmedic.command.change.PassingVault;
import io.etcdmedic.command.change.PlanView;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.keyspace.Overlay;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.Faults;
import io.etcdmedic.repair.Narrator;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.RepairRun;
import io.etcdmedic.repair.Stop;
import io.etcdmedic.repair.World;
import io.etcdmedic.repair.journal.MemoryLedger;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.runbook.Decoder;
import io.etcdmedic.runbook.OneCluster;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Request;
import io.etcdmedic.runbook.Runbook;
import io.etcdmedic.runbook.Runbooks;
import io.etcdmedic.runbook.Scene;
import io.etcdmedic.runbook.Stored;
import io.etcdmedic.runbook.StoredDecoder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// One run of a runbook by the real engine over an overlay, with a played kube-apiserver; nothing stays of it.
record DryRun(Session session, Runbook runbook) {

    Report of(Request request) {
        Overlay overlay = new Overlay(session.keyspace());
        Decoder decoder = session.codec()::document;
        RandomGenerator random = new SecureRandom();
        String prefix = session.registry().prefix();
        Registry registry = new Registry(overlay, overlay.revision(), decoder, prefix);
        List<Cidr> flags = request.target().isEmpty() ? stored(registry) : request.target();
        Optional<PlayedCluster> cluster = flags.isEmpty()
                ? Optional.empty()
                : Optional.of(new PlayedCluster(overlay, decoder::decode, prefix, flags, session.clock(), random));
        WritableKeyspace keyspace =
                cluster.<WritableKeyspace>map(PlayedKeyspace::new).orElse(overlay);
        Optional<ApiReading> api = cluster.map(PlayedApi::new);
        Binding binding =
                new Binding(overlay.source().clusterId(), List.of(), overlay.revision(), "", OneCluster.uid(registry));
        Plan plan = runbook.plan(
                new Scene(
                        keyspace,
                        decoder,
                        prefix,
                        Optional.empty(),
                        api,
                        LiveMachine.at(Path.of("/")),
                        List.of(),
                        binding,
                        session.clock(),
                        random,
                        World.Pause.REAL,
                        Narrator.SILENT),
                request);
        List<String> said = new ArrayList<>();
        World world = new World(
                keyspace,
                Optional.empty(),
                api.map(served -> served),
                new NoHost(),
                new DecodedFields(decoder),
                Runbooks.checks(decoder, session.clock()),
                session.clock(),
                random,
                World.Pause.REAL,
                said::add,
                Stop.NEVER,
                Faults.NONE);
        Outcome outcome =
                RepairRun.dry(world, new MemoryLedger(), new PassingVault()).apply(plan);
        return plan.isEmpty() ? PlanView.nothingToDo(plan) : PlanView.rehearsed(plan, outcome, said);
    }

    /// The range that is stored: playing its kube-apiserver changes nothing by itself.
    private static List<Cidr> stored(Registry registry) {
        return registry.get("servicecidrs/kubernetes").map(Stored::document).stream()
                .flatMap(range -> range.texts("spec", "cidrs").stream())
                .flatMap(text -> Cidr.parse(text).stream())
                .toList();
    }
}
