package io.etcdmedic.repair;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiObject;
import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.apiserver.ApiServer.Created;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.repair.journal.Verdict;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Carries out a plan's changes through the Kubernetes API.
///
/// Each is safe to send twice: a delete and a patch name the UID and resourceVersion that they mean, and a second
/// create is answered with "exists". So a lost answer is settled by looking, and by sending again.
final class ApiSteps {
    private static final Duration SETTLE_FOR = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final int PROOFS_MAX = 5;
    private static final ApiName KUBE_SYSTEM = new ApiName("", "v1", "namespaces", "", "kube-system");
    private final World world;
    private boolean proved;
    /// An object was the same in both.
    private boolean sawOneObject;

    ApiSteps(World world) {
        this.world = world;
    }

    ApiServer api() {
        return world.api()
                .orElseThrow(() -> new Failure.Refused(Problem.in("changing an object through the Kubernetes API")
                        .found("no Kubernetes API was named")
                        .hint("give --kubeconfig FILE")));
    }

    /// Proves that the API serves what this etcd holds: the object's UID and resourceVersion are equal in both.
    ///
    /// An object that changes all the time is read again a few times.
    void proveOneCluster(ApiChange change, Revision floor) {
        String difference = "";
        for (int i = 0; i < PROOFS_MAX; i++) {
            difference = difference(change, floor);
            if (difference.isEmpty()) {
                return;
            }
            world.pause().forThe(RETRY);
        }
        throw new Failure.Refused(Problem.in("comparing the API at " + api().address() + " with etcd")
                .found(difference)
                .expected("the same object in both")
                .hint("the kubeconfig is of another cluster, or the API server uses another etcd"));
    }

    private String difference(ApiChange change, Revision floor) {
        Optional<ApiObject> served = api().get(change.name());
        Optional<Entry> stored = Reading.atLeast(world.keyspace(), floor).get(change.key());
        if (served.isEmpty() && stored.isEmpty()) {
            return "";
        }
        if (served.isEmpty() || stored.isEmpty()) {
            return change.name() + " is " + (served.isEmpty() ? "not " : "") + "served, and "
                    + (stored.isEmpty() ? "not " : "") + "in etcd";
        }
        String inEtcd = Long.toString(stored.get().modRevision().number());
        if (!served.get().resourceVersion().equals(inEtcd)) {
            return change.name() + " has resourceVersion " + served.get().resourceVersion() + " in the API and "
                    + inEtcd + " in etcd";
        }
        Documents.Answer uid = world.documents().field(stored.get(), "/metadata/uid");
        boolean otherUid = uid.trouble().isEmpty()
                && !uid.json().equals("\"" + served.get().uid() + "\"");
        sawOneObject |= !otherUid;
        return otherUid
                ? change.name() + " has UID " + served.get().uid() + " in the API and " + uid.json() + " in etcd"
                : "";
    }

    /// Proves it once a run, before anything is sent: by the UID of namespace `kube-system`, and by an object that
    /// the plan will change, for a copy of the cluster has the same namespace. An object in neither proves nothing.
    void proveOneCluster(Plan plan, Revision floor) {
        if (proved) {
            return;
        }
        plan.binding().kubeSystemUid().ifPresent(this::proveKubeSystem);
        for (Step step : plan.steps()) {
            if (!sawOneObject && step instanceof ApiChange change) {
                proveOneCluster(change, floor);
            }
        }
        proved = true;
    }

    private void proveKubeSystem(String bound) {
        String served = api().get(KUBE_SYSTEM).map(ApiObject::uid).orElse("none");
        if (!served.equals(bound)) {
            throw new Failure.Refused(Problem.in("comparing the API at " + api().address() + " with etcd")
                    .found("namespace kube-system has UID " + served + " in the API")
                    .expected(bound + ", as in etcd")
                    .hint("the kubeconfig is of another cluster"));
        }
    }

    Settlement send(Plan plan, ApiChange change, Revision floor) {
        proveOneCluster(plan, floor);
        // What is to be made is in neither and proves nothing; and a Service that is exchanged is absent meanwhile.
        if (!(change instanceof ApiChange.Create) || !sawOneObject) {
            proveOneCluster(change, floor);
        }
        return again(plan, change, floor);
    }

    /// Sends, and sends again while the answer is lost. Behind a lost answer, nothing that says "no" is believed:
    /// it may be our own effect that stands in the way.
    Settlement again(Plan plan, ApiChange change, Revision floor) {
        WritePermit permit = new WritePermit(plan.id().hex(), Set.of());
        Instant deadline = world.clock().instant().plus(SETTLE_FOR);
        Optional<String> lost = Optional.empty();
        while (true) {
            try {
                Settlement settlement = once(plan, change, permit, floor);
                return lost.isPresent() && settlement.verdict() == Verdict.STALE
                        ? Settlement.of(Verdict.UNSETTLED, lost.get() + "; then: " + settlement.why())
                        : settlement;
            } catch (Failure.Unsettled answerLost) {
                lost = Optional.of(answerLost.problem().message());
            } catch (Failure.Unreachable notSent) {
                lost = Optional.of(lost.orElseThrow(() -> notSent));
            }
            if (!world.clock().instant().isBefore(deadline)) {
                return Settlement.of(Verdict.UNSETTLED, lost.get());
            }
            world.pause().forThe(RETRY);
        }
    }

    private Settlement once(Plan plan, ApiChange change, WritePermit permit, Revision floor) {
        try {
            return switch (change) {
                case ApiChange.Create create -> create(plan, create, permit, floor);
                case ApiChange.Delete delete -> delete(delete, permit, floor);
                case ApiChange.Patch patch -> patch(plan, patch, permit);
            };
        } catch (Failure.Stale moved) {
            return Settlement.of(Verdict.STALE, moved.problem().message());
        }
    }

    private Settlement create(Plan plan, ApiChange.Create create, WritePermit permit, Revision floor) {
        return switch (api().create(create.name(), plan.bytes(create.body()), permit)) {
            case Created.New made -> made(made.object());
            case Created.Existing existing -> {
                Optional<String> unfit = new Verifier(world).trouble(create.acceptExisting(), floor);
                yield unfit.isEmpty()
                        ? made(existing.object())
                        : Settlement.of(Verdict.STALE, create.name() + " exists already: " + unfit.get());
            }
        };
    }

    /// Whether what `create` makes is there, by what etcd holds: nothing is sent. For a request that may have
    /// arrived.
    Optional<Settlement> found(ApiChange.Create create, Revision floor) {
        Optional<Entry> stored = Reading.atLeast(world.keyspace(), floor).get(create.key());
        if (stored.isEmpty()
                || new Verifier(world).answered(create.acceptExisting(), floor).isPresent()) {
            return Optional.empty();
        }
        String uid = world.documents().field(stored.get(), "/metadata/uid").json();
        return Optional.of(
                new Settlement(Verdict.APPLIED, stored.get().modRevision().number(), "", uid.replace("\"", "")));
    }

    private Settlement delete(ApiChange.Delete delete, WritePermit permit, Revision floor) {
        Optional<ApiServer.Same> same = delete.same().isPresent() ? delete.same() : served(delete);
        if (same.isEmpty()) {
            return Settlement.applied(floor.number());
        }
        return api().delete(delete.name(), same.get(), permit)
                .map(gone -> new Settlement(
                        Verdict.APPLIED, floor.number(), gone.name(), same.get().uid()))
                .orElseGet(() -> Settlement.applied(floor.number()));
    }

    private Optional<ApiServer.Same> served(ApiChange.Delete delete) {
        return api().get(delete.name())
                .map(object -> new ApiServer.Same(object.uid(), Optional.of(object.resourceVersion())));
    }

    private Settlement patch(Plan plan, ApiChange.Patch patch, WritePermit permit) {
        return made(api().patch(patch.name(), patch.same(), patch.type(), plan.bytes(patch.patch()), permit));
    }

    private static Settlement made(ApiObject object) {
        String version = object.resourceVersion();
        long revision = version.matches("[0-9]{1,18}") ? Long.parseLong(version) : 0;
        return new Settlement(Verdict.APPLIED, revision, "", object.uid());
    }
}
