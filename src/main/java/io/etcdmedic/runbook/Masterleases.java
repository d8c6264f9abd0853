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
/// Each kube-apiserver writes `masterleases/ADDRESS` with an etcd lease of 15 s. A key that came back without its lease
/// (a put by hand, a restore) never expires; the endpoints follow the keys within 10 s, so editing Endpoints is in
/// vain.
/// Source: K8S pkg/controlplane/reconcilers/lease.go.
final class Masterleases implements Runbook {
    private static final String GONE = "masterleases.gone";
    private static final Duration ENDPOINTS = Duration.ofSeconds(25);

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
        List<Entry> dead =
                leases.stream().filter(entry -> entry.lease().isNone()).toList();
        if (!request.argument().isEmpty()) {
            dead = List.of(named(request.argument(), leases));
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
            draft.note(address + " was written without a lease, so it never expires");
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

    /// One that the operator names has a lease or not; with a lease it expires by itself.
    private static Entry named(String address, List<Entry> leases) {
        Entry found = leases.stream()
                .filter(entry -> address(entry).equals(address))
                .findFirst()
                .orElseThrow(() -> new Failure.Absent(Problem.in("looking for the kube-apiserver " + address)
                        .found("registered are "
                                + leases.stream().map(Masterleases::address).toList())));
        if (!found.lease().isNone()) {
            throw new Failure.Refused(Problem.in("planning masterleases")
                    .found(address + " holds lease " + found.lease().hex())
                    .expected("a key without a lease: this one expires within 15 s once nobody renews it"));
        }
        return found;
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
        boolean served = new Registry(keyspace, at, decoder, arguments.getOrDefault("prefix", "/registry"))
                .get("services/endpoints/default/kubernetes").stream()
                        .flatMap(endpoints -> endpoints.document().list("subsets").stream())
                        .flatMap(subset -> subset.list("addresses").stream())
                        .anyMatch(a -> a.text("ip").filter(address::equals).isPresent());
        return served ? Optional.of(address + " is an endpoint of Service kubernetes") : Optional.empty();
    }
}
