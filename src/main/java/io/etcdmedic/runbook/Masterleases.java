package io.etcdmedic.runbook;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.Wait;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Removes a kube-apiserver that is gone and still an endpoint of Service `kubernetes`.
///
/// Each kube-apiserver writes `masterleases/ADDRESS` with an etcd lease of 15 s. A key that came back without its
/// lease (a put by hand, a restore) never expires; the endpoints follow the keys within 10 s, so editing Endpoints
/// is in vain.
/// Source: K8S pkg/controlplane/reconcilers/lease.go.
final class Masterleases implements Runbook {
    private static final String GONE = "masterleases.gone";
    private static final Duration ENDPOINTS = Duration.ofSeconds(25);

    /// A live kube-apiserver writes its key every 10 s, with a lease of 15 s.
    private static final Duration RENEWED = Duration.ofSeconds(16);

    private static final Duration LOOK = Duration.ofMillis(500);

    @Override
    public String name() {
        return "masterleases";
    }

    @Override
    public String when() {
        return "a kube-apiserver that is gone is still an endpoint of Service kubernetes, and every few connections to the"
                + " API hang";
    }

    @Override
    public Plan plan(Scene scene, Request request) {
        Registry registry = scene.registry();
        PlanDraft draft = scene.draft(name(), "dead kube-apiservers among the endpoints");
        List<Entry> leases = leases(scene, registry);
        List<Entry> asked = request.argument().isEmpty() ? leases : List.of(named(request.argument(), leases));
        List<Entry> dead = new ArrayList<>(
                asked.stream().filter(entry -> entry.lease().isNone()).toList());
        if (dead.isEmpty() && scene.isLive()) {
            dead.addAll(notRenewed(scene, asked));
        }
        if (dead.isEmpty() && !request.argument().isEmpty()) {
            throw new Failure.Refused(Problem.in("planning masterleases")
                    .found(request.argument() + " holds lease "
                            + asked.getFirst().lease().hex())
                    .expected("a key without a lease, or one that nobody renews: this one expires within 15 s once its"
                            + " kube-apiserver is gone"));
        }
        if (dead.isEmpty()) {
            draft.note("registered kube-apiservers: " + leases.size() + ", each with its lease: nothing to do");
            return scene.build(draft);
        }
        if (dead.size() == leases.size()) {
            draft.note("no registered kube-apiserver has a lease; one that runs registers again within 10 s");
        }
        for (Entry entry : dead) {
            String address = address(entry);
            draft.note(
                    entry.lease().isNone()
                            ? address + " was written without a lease, so it never expires"
                            : address + " was not renewed for more than 15 s, and its lease "
                                    + entry.lease().hex() + " has not expired");
            draft.step(KeyChange.of(
                    Frame.of("delete masterlease " + address + " in etcd", "masterlease " + address)
                            .waiting(new Wait(
                                    address + " is no endpoint of Service kubernetes any more",
                                    new Check.Named(GONE, Map.of("prefix", scene.prefix(), "address", address)),
                                    new Check.Never(),
                                    ENDPOINTS,
                                    Wait.Late.STOP)),
                    KeyChange.Edit.delete(entry)));
        }
        draft.archive(registry.key("services/endpoints/default/kubernetes"));
        return scene.build(draft);
    }

    /// Those that stay as they are for longer than a live kube-apiserver would leave them.
    private static List<Entry> notRenewed(Scene scene, List<Entry> leases) {
        List<Entry> still = new ArrayList<>(leases);
        if (!still.isEmpty()) {
            scene.narrator().say("Looking for up to " + RENEWED.toSeconds() + " s whether each kube-apiserver renews");
        }
        for (Duration waited = Duration.ZERO;
                !still.isEmpty() && waited.compareTo(RENEWED) < 0;
                waited = waited.plus(LOOK)) {
            scene.pause().forThe(LOOK);
            still.removeIf(entry -> scene.keyspace()
                    .get(entry.key())
                    .filter(now -> now.modRevision().equals(entry.modRevision()))
                    .isEmpty());
        }
        return still;
    }

    private static Entry named(String address, List<Entry> leases) {
        return leases.stream()
                .filter(entry -> address(entry).equals(address))
                .findFirst()
                .orElseThrow(() -> new Failure.Absent(Problem.in("looking for the kube-apiserver " + address)
                        .found("registered are "
                                + leases.stream().map(Masterleases::address).toList())));
    }

    private static List<Entry> leases(Scene scene, Registry registry) {
        List<Entry> found = new ArrayList<>();
        try (Entries entries = scene.keyspace()
                .scan(
                        KeyRange.prefix(registry.key("masterleases/")),
                        Scan.values().at(registry.revision()))) {
            entries.forEachRemaining(found::add);
        }
        return found;
    }

    private static String address(Entry entry) {
        String key = entry.key().text();
        return key.substring(key.lastIndexOf('/') + 1);
    }

    @Override
    public Map<String, NamedCheck> checks(Decoder decoder, Clock clock) {
        return Map.of(GONE, (keyspace, at, arguments) -> gone(keyspace, at, arguments, decoder));
    }

    private static Optional<String> gone(
            Keyspace keyspace, Revision at, Map<String, String> arguments, Decoder decoder) {
        String address = arguments.getOrDefault("address", "");
        boolean served =
                Registry.of(keyspace, at, decoder, arguments).readable("services/endpoints/default/kubernetes").stream()
                        .flatMap(endpoints -> endpoints.document().list("subsets").stream())
                        .flatMap(subset -> subset.list("addresses").stream())
                        .anyMatch(a -> a.text("ip").filter(address::equals).isPresent());
        return served ? Optional.of(address + " is an endpoint of Service kubernetes") : Optional.empty();
    }
}
