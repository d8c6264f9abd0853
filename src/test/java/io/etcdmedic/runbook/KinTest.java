package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.codec.encryption.AtRest;
import io.etcdmedic.codec.encryption.EncryptionConfiguration;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.repair.Faults;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.schema.Schema;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// The other runbooks over the played cluster.
class KinTest {
    private static final String CLAIM = "/registry/persistentvolumeclaims/shop/data";
    private static final String CLAIM_JSON = """
            {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data","namespace":"shop","uid":"c",
             "deletionTimestamp":"2026-11-23T17:29:19Z","deletionGracePeriodSeconds":0,
             "finalizers":["kubernetes.io/pvc-protection"]},"status":{"phase":"Bound"}}""";

    @Test
    void everyRunbookHasAnOwnNameAndSaysWhenToUseIt() {
        assertThat(Runbooks.all())
                .extracting(Runbook::name)
                .doesNotHaveDuplicates()
                .contains("servicecidr");
        assertThat(Runbooks.all()).allSatisfy(r -> assertThat(r.when()).isNotBlank());
        assertThatThrownBy(() -> Runbooks.named("servicecird")).isInstanceOf(Failure.Usage.class);
    }

    @Test
    void revivesAClaimAndLeavesEverythingElseOfIt() {
        try (PlayedLab world = new PlayedLab(Runbooks.named("revive")).with(CLAIM, CLAIM_JSON)) {
            Outcome outcome = world.lab.apply(world.lab.plan(Request.of("pvc/shop/data"), List.of()));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(world.object(CLAIM).text("metadata", "deletionTimestamp"))
                    .isEmpty();
            assertThat(world.object(CLAIM).texts("metadata", "finalizers"))
                    .containsExactly("kubernetes.io/pvc-protection");
            assertThat(world.lab.plan(Request.of("pvc/shop/data"), List.of()).steps())
                    .isEmpty();
        }
    }

    @Test
    void refusesToReviveWhatMovedOn() {
        try (PlayedLab world = new PlayedLab(Runbooks.named("revive")).with(CLAIM, CLAIM_JSON)) {
            Plan plan = world.lab.plan(Request.of("pvc/shop/data"), List.of());
            world.with(CLAIM, CLAIM_JSON.replace("Bound", "Lost"));
            assertThat(world.lab.apply(plan).result()).isEqualTo(Outcome.Result.STALE);
        }
    }

    /// A protobuf value: two fields go, and every other byte stays, also of fields that nobody knows.
    @Test
    void cutsTheDeletionMarkOutOfProtobuf() {
        Bytes kept = Bytes.hex("0a0464617461" + "1a0473686f70" + "2a0163" + "7203666f6f" + "fa070178");
        Bytes marked =
                Bytes.hex("0a0464617461" + "1a0473686f70" + "2a0163" + "4a020801" + "5000" + "7203666f6f" + "fa070178");
        try (PlayedLab world = new PlayedLab(Runbooks.named("revive"))) {
            put(world, claim(marked));
            Outcome outcome = world.lab.apply(world.lab.plan(Request.of("pvc/shop/data"), List.of()));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(world.overlay.get(Key.of(CLAIM)).orElseThrow().value()).isEqualTo(claim(kept));
        }
    }

    /// What was encrypted is encrypted again, and says the same but for the mark.
    @Test
    void revivesAClaimThatIsEncryptedAtRest() {
        Bytes configuration = Bytes.utf8("""
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: ["*.*"]
                  providers:
                  - aescbc: {keys: [{name: k1, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}
                  - identity: {}
                """);
        AtRest keys = new AtRest(
                EncryptionConfiguration.read(configuration, "keys"),
                endpoint -> {
                    throw new AssertionError("no KMS here");
                },
                new SecureRandom());
        Codec codec = new Codec(Schema.builtIn(), keys, new RegistryKeys("/registry"));
        Document claim = Json.read(Bytes.utf8(CLAIM_JSON));
        try (PlayedLab world = new PlayedLab(Runbooks.named("revive"), codec)) {
            put(world, codec.encode(Key.of(CLAIM), claim, Bytes.EMPTY));
            assertThat(world.overlay.get(Key.of(CLAIM)).orElseThrow().value().toUtf8())
                    .startsWith("k8s:enc:aescbc:");
            Outcome outcome = world.lab.apply(world.lab.plan(Request.of("pvc/shop/data"), List.of()));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(world.overlay.get(Key.of(CLAIM)).orElseThrow().value().toUtf8())
                    .startsWith("k8s:enc:aescbc:");
            assertThat(world.object(CLAIM).text("status", "phase")).contains("Bound");
            assertThat(world.object(CLAIM).text("metadata", "deletionTimestamp"))
                    .isEmpty();
        }
    }

    private static Bytes claim(Bytes metadata) {
        Bytes object = Bytes.hex("0a" + hex(metadata.length())).concat(metadata).concat(Bytes.hex("12020a00"));
        return Bytes.hex("6b387300" + "0a1b" + "0a027631" + "1215")
                .concat(Bytes.utf8("PersistentVolumeClaim"))
                .concat(Bytes.hex("12" + hex(object.length())))
                .concat(object)
                .concat(Bytes.hex("1a002200"));
    }

    private static void put(PlayedLab world, Bytes value) {
        world.overlay.apply(
                new Transaction(List.of(), List.of(new Write.Put(Key.of(CLAIM), value, LeaseId.NONE)), List.of()));
    }

    private static String hex(int length) {
        return String.format("%02x", length);
    }

    @Test
    void bringsTheLastGoodRevisionOfADamagedValueBack() {
        String key = "/registry/configmaps/shop/torn";
        try (PlayedLab world = new PlayedLab(Runbooks.named("undecodable"))
                .with(key, "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"torn\"}}")
                .with(key, "{\"apiVersion\":\"v1\",\"kind\":\"Conf")) {
            Outcome outcome = world.lab.apply(world.lab.plan(Request.of(key), List.of()));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(world.object(key).text("kind")).contains("ConfigMap");
            assertThat(world.lab.plan(Request.of(key), List.of()).steps()).isEmpty();
        }
    }

    @Test
    void takesTheValueFromAnOlderSnapshotOfTheSameClusterOnly() {
        String key = "/registry/services/specs/shop/web";
        try (PlayedLab world = new PlayedLab(Runbooks.named("undecodable"));
                PlayedLab other =
                        new PlayedLab(Runbooks.named("undecodable")).with("/registry/namespaces/kube-system", """
                        {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"kube-system","uid":"another"}}""")) {
            Bytes before = world.overlay.get(Key.of(key)).orElseThrow().value();
            world.without(key).with(key, "{\"apiVersion\":");
            world.lab.older = Optional.of(other.overlay);
            assertThatThrownBy(() -> world.lab.plan(Request.of(key), List.of()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("has UID another");
            try (PlayedLab older = new PlayedLab(Runbooks.named("undecodable"))) {
                world.lab.older = Optional.of(older.overlay);
                Outcome outcome = world.lab.apply(world.lab.plan(Request.of(key), List.of()));
                assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            }
            assertThat(world.overlay.get(Key.of(key)).orElseThrow().value()).isEqualTo(before);
        }
    }

    /// `k8s\0` and a kind of a group that nobody knows: that is our ignorance, and no damage.
    @Test
    void leavesAKindThatItDoesNotKnow() {
        Bytes unknown = Bytes.hex("6b387300" + "0a10" + "0a0a" + "6e65772e696f2f763961" + "1202" + "5875" + "1200");
        String key = "/registry/things/shop/new";
        try (PlayedLab world = new PlayedLab(Runbooks.named("undecodable"))) {
            world.overlay.apply(
                    new Transaction(List.of(), List.of(new Write.Put(Key.of(key), unknown, LeaseId.NONE)), List.of()));
            assertThat(world.lab.plan(Request.of(key), List.of()).steps()).isEmpty();
        }
    }

    @Test
    void deletesADamagedValueOnlyWhenItsLossIsAccepted() {
        String key = "/registry/configmaps/shop/torn";
        try (PlayedLab world = new PlayedLab(Runbooks.named("undecodable")).with(key, "{\"apiVersion\":")) {
            assertThatThrownBy(() -> world.lab.plan(Request.of(key), List.of()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("no good revision is left");
            Outcome outcome = world.lab.apply(world.lab.plan(Request.of(key).accepting(Set.of("loss")), List.of()));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(world.has(key)).isFalse();
        }
    }

    @Test
    void removesOrphansAndMakesWhatIsMissing() {
        try (PlayedLab world = new PlayedLab(Runbooks.named("ipaddresses"))
                .with(
                        "/registry/servicecidrs/kubernetes",
                        "{\"metadata\":{\"name\":\"kubernetes\"},\"spec\":{\"cidrs\":[\"10.43.0.0/16\",\"10.0.0.0/24\"]}}")
                .with("/registry/ipaddresses/10.43.7.7", """
                        {"metadata":{"name":"10.43.7.7","uid":"o","labels":{
                         "ipaddress.kubernetes.io/managed-by":"ipallocator.k8s.io"}},
                         "spec":{"parentRef":{"resource":"services","namespace":"shop","name":"gone"}}}""")) {
            Outcome outcome = world.lab.apply(world.lab.plan(Request.of(""), List.of()));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(world.has("/registry/ipaddresses/10.43.7.7")).isFalse();
            assertThat(world.has("/registry/ipaddresses/10.43.52.244")).isTrue();
        }
    }

    /// The address of a Service that cannot be read would look like an orphan's.
    @Test
    void touchesNoAddressWhereAServiceCannotBeRead() {
        try (PlayedLab world =
                new PlayedLab(Runbooks.named("ipaddresses")).with("/registry/services/specs/shop/torn", "{\"kind\":")) {
            assertThatThrownBy(() -> world.lab.plan(Request.of(""), List.of()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("/registry/services/specs/shop/torn");
        }
    }

    @Test
    void givesAServiceAnotherAddress() {
        try (PlayedLab world = new PlayedLab(Runbooks.named("ipaddresses"))
                .with("/registry/services/specs/shop/stray", """
                        {"apiVersion":"v1","kind":"Service","metadata":{"name":"stray","namespace":"shop","uid":"s"},
                         "spec":{"clusterIP":"10.7.0.1","clusterIPs":["10.7.0.1"],"selector":{"app":"stray"},
                          "ports":[{"port":80,"nodePort":30080}]}}""")
                .with(
                        "/registry/servicecidrs/kubernetes",
                        "{\"metadata\":{\"name\":\"kubernetes\"},\"spec\":{\"cidrs\":[\"10.43.0.0/16\"]}}")) {
            Request stray = Request.of("shop/stray");
            Outcome outcome = world.lab.apply(world.lab.plan(stray, List.of()));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(world.object("/registry/services/specs/shop/stray").texts("spec", "clusterIPs"))
                    .singleElement()
                    .asString()
                    .startsWith("10.43.");
            assertThat(world.object("/registry/services/specs/shop/stray")
                            .list("spec", "ports")
                            .getFirst()
                            .whole("nodePort"))
                    .hasValue(30080);
            assertThat(world.lab.plan(stray, List.of()).notes()).anyMatch(note -> note.contains("nothing to do"));
            assertThatThrownBy(() -> world.lab.plan(Request.of("shop/nobody"), List.of()))
                    .isInstanceOf(Failure.Absent.class);
        }
    }

    @Test
    void makesNoServiceAgainThatWouldLoseMore() {
        String service = """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"stray","namespace":"shop","uid":"s"},
                 "spec":{"type":"%s","clusterIP":"10.7.0.1","clusterIPs":["10.7.0.1"]%s}}""";
        String key = "/registry/services/specs/shop/stray";
        try (PlayedLab world = new PlayedLab(Runbooks.named("ipaddresses"))
                .with(key, service.formatted("LoadBalancer", ",\"selector\":{\"app\":\"a\"}"))) {
            assertThatThrownBy(() -> world.lab.plan(Request.of("shop/stray"), List.of()))
                    .hasMessageContaining("is a LoadBalancer");
            world.with(key, service.formatted("ClusterIP", ""));
            assertThatThrownBy(() -> world.lab.plan(Request.of("shop/stray"), List.of()))
                    .hasMessageContaining("has no selector");
            assertThatThrownBy(() -> world.lab.plan(Request.of("default/kubernetes"), List.of()))
                    .hasMessageContaining("is the API's own");
        }
    }

    /// Once deleted it is not there to be made again before the finalizer's owner lets it go.
    @Test
    void waitsForTheFinalizersOfAServiceThatItMakesAgain() {
        String cleanup = "service.kubernetes.io/load-balancer-cleanup";
        try (PlayedLab world = new PlayedLab(Runbooks.named("ipaddresses"))
                .with("/registry/services/specs/shop/stray", """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"stray","namespace":"shop","uid":"s",
                  "finalizers":["%s","example.com/own"]},
                 "spec":{"type":"LoadBalancer","clusterIP":"10.7.0.1","clusterIPs":["10.7.0.1"],"selector":{"a":"b"}}}
                """.formatted(cleanup))) {
            assertThatThrownBy(() -> world.lab.plan(accepting("shop/stray", "load-balancer"), List.of()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("has finalizer example.com/own");
            Plan plan = world.lab.plan(accepting("shop/stray", "load-balancer", "example.com/own"), List.of());
            assertThat(plan.warnings()).anyMatch(text -> text.contains(cleanup + " and example.com/own"));
            assertThat(plan.steps().getFirst().frame().waits()).isPresent();
        }
    }

    @Test
    void saysWhatHoldsANamespaceAndNeverStripsWhatWasNotNamed() {
        try (PlayedLab world = new PlayedLab(Runbooks.named("namespace"))) {
            assertThatThrownBy(() -> world.lab.plan(Request.of("doomed"), List.of()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("the API v1beta1.metrics.k8s.io is registered and does not answer");
            Request accepting = Request.of("doomed").accepting(Set.of("apiservice"));
            assertThatThrownBy(() -> world.lab.plan(accepting, List.of()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("widgets.example.com doomed/stuck ([example.com/never])");
            assertThatThrownBy(() -> world.lab.plan(Request.of("shop"), List.of()))
                    .hasMessageContaining("is not being deleted");
            Plan plan = world.lab.plan(accepting.accepting(Set.of("apiservice", "example.com/never")), List.of());
            assertThat(plan.steps().stream().map(s -> s.frame().title()))
                    .containsExactly(
                            "remove finalizer example.com/never of widgets.example.com doomed/stuck",
                            "finalize namespace doomed, if it is still there");
        }
    }

    @Test
    void takesFinalizersOneByOneAndOnlyThoseThatItSaw() {
        String key = "/registry/configmaps/doomed/held";
        String held = """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"held","namespace":"doomed","uid":"h",
                 "deletionTimestamp":"2026-11-23T17:29:19Z","finalizers":%s}}""";
        Set<String> risks = Set.of("apiservice", "example.com/never", "example.com/a", "example.com/b");
        Request request = Request.of("doomed").accepting(risks);
        try (PlayedLab world = new PlayedLab(Runbooks.named("namespace"))
                .with(key, held.formatted("[\"example.com/a\",\"example.com/b\"]"))) {
            Plan plan = world.lab.plan(request, List.of());
            assertThat(plan.steps().stream().map(s -> s.frame().title()))
                    .startsWith(
                            "remove finalizer example.com/a of configmaps doomed/held",
                            "remove finalizer example.com/b of configmaps doomed/held");
            world.with(key, held.formatted("[\"example.com/a\",\"example.com/c\"]"));
            assertThat(world.lab.apply(plan).result()).isEqualTo(Outcome.Result.STALE);
            assertThat(world.object(key).texts("metadata", "finalizers")).hasSize(2);
        }
    }

    /// Killed with the answer on its way: what it did is seen, and not done again.
    @Test
    void seesThatAFinalizerIsGoneWhenItGoesOn() {
        String key = "/registry/configmaps/doomed/held";
        String held = """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"held","namespace":"doomed","uid":"h",
                 "deletionTimestamp":"2026-11-23T17:29:19Z","finalizers":["example.com/a","example.com/b"]}}""";
        Set<String> risks = Set.of("apiservice", "example.com/a", "example.com/b");
        try (PlayedLab world = new PlayedLab(Runbooks.named("namespace"))
                .with(key, held)
                .without("/registry/example.com/widgets/doomed/stuck")) {
            Plan plan = world.lab.plan(Request.of("doomed").accepting(risks), List.of());
            assertThatThrownBy(() -> world.lab.apply(plan, point -> {
                        if (point == Faults.Point.SENT) {
                            throw new RepairLab.Killed("with the answer on its way");
                        }
                    }))
                    .isInstanceOf(RepairLab.Killed.class);
            assertThat(world.object(key).texts("metadata", "finalizers")).containsExactly("example.com/b");
            // As the controller manager would.
            world.without("/registry/configmaps/doomed/x").without("/registry/namespaces/doomed");
            Outcome outcome = world.lab.resume(plan, Faults.NONE);
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(outcome.stepsSkipped()).isEqualTo(1);
            assertThat(world.has(key)).isFalse();
        }
    }

    /// Between its two finalizers another is put on the object: that one stays, and so does the object.
    @Test
    void leavesAFinalizerThatCameMeanwhile() {
        String key = "/registry/configmaps/doomed/held";
        String held = """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"held","namespace":"doomed","uid":"h",
                 "deletionTimestamp":"2026-11-23T17:29:19Z","finalizers":%s}}""";
        Set<String> risks = Set.of("apiservice", "example.com/never", "example.com/a", "example.com/b");
        try (PlayedLab world = new PlayedLab(Runbooks.named("namespace"))
                .with(key, held.formatted("[\"example.com/a\",\"example.com/b\"]"))) {
            Plan plan = world.lab.plan(Request.of("doomed").accepting(risks), List.of());
            AtomicBoolean came = new AtomicBoolean();
            Outcome outcome = world.lab.apply(plan, point -> {
                if (point == Faults.Point.STEP_DONE && came.compareAndSet(false, true)) {
                    world.with(key, held.formatted("[\"example.com/b\",\"example.com/new\"]"));
                }
            });
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.PARTLY);
            assertThat(world.object(key).texts("metadata", "finalizers"))
                    .containsExactly("example.com/b", "example.com/new");
            assertThat(world.has("/registry/namespaces/doomed")).isTrue();
        }
    }

    @Test
    void leavesEndpointsThatHoldTheirLease() {
        try (PlayedLab world =
                new PlayedLab(Runbooks.named("masterleases")).with("/registry/masterleases/10.99.0.8", "{}")) {
            assertThat(world.lab.plan(Request.of(""), List.of()).steps()).hasSize(1);
            assertThatThrownBy(() -> world.lab.plan(Request.of("10.99.0.1"), List.of()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("holds lease");
        }
    }

    private static Request accepting(String argument, String... risks) {
        return new Request(argument, List.of(), Set.of(), Set.of(risks), List.of());
    }
}
