package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.runbook.Absences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The same accident in clusters that are not like the one of the post: other ranges and families, another
/// `--etcd-prefix`, values encrypted at rest. Each is made with a real kube-apiserver, and repaired in one command
/// that is not told the range.
///
/// Slow (a minute a test): a kube-apiserver starts three times, and its loops run every 10 s.
@Tag("long")
class FixElsewhereOnRealApiServerTest {
    private static final ApiName KUBERNETES = new ApiName("", "v1", "services", "default", "kubernetes");
    private static final ApiName SLICE =
            new ApiName("discovery.k8s.io", "v1", "endpointslices", "default", "kubernetes");
    private static final ApiName RANGE = new ApiName("networking.k8s.io", "v1", "servicecidrs", "", "kubernetes");
    private static final WritePermit ACCIDENT = new WritePermit("the test's own accident", Set.of());

    @TempDir
    Path folder = Path.of("");

    private enum Elsewhere {
        PREFIX("172.20.0.0/16", "10.0.0.0/24", "172.20.0.1"),
        SMALL("192.168.77.0/24", "10.0.0.0/24", "192.168.77.1"),
        IPV6("fd00:20::/112", "fd00:99::/112", "fd00:20::1"),
        DUAL("10.96.0.0/12,fd00:96::/108", "10.0.0.0/24,fd00:99::/112", "10.96.0.1"),
        ENCRYPTED("172.20.0.0/16", "10.0.0.0/24", "172.20.0.1");

        private final String right;
        private final String wrong;
        private final String first;

        Elsewhere(String right, String wrong, String first) {
            this.right = right;
            this.wrong = wrong;
            this.first = first;
        }

        private String prefix() {
            return this == PREFIX ? "/kubernetes.io" : "/registry";
        }
    }

    @ParameterizedTest
    @EnumSource
    void repairsWithoutBeingToldTheRange(Elsewhere where) throws IOException {
        try (KubeProcess kube = KubeProcess.empty();
                KubeApi api = kube.api();
                KubeApi eyes = kube.api()) {
            accident(kube, api, where);
            assertThat(object(api, RANGE).texts("spec", "cidrs")).containsExactly(where.wrong.split(","));
            try (Absences absences = Absences.watch(eyes, KUBERNETES, SLICE)) {
                Ran fixed = medic(kube, where, "fix", "servicecidr", "-o", "json");
                assertThat(fixed.status()).as(fixed.text() + fixed.stderr()).isZero();
                assertThat(absences.longestMillis(KUBERNETES)).isLessThan(100);
                assertThat(absences.longestMillis(SLICE)).isZero();
            }
            assertThat(object(api, RANGE).texts("spec", "cidrs")).containsExactly(where.right.split(","));
            assertThat(object(api, KUBERNETES).text("spec", "clusterIP")).contains(where.first);
            Ran again = medic(kube, where, "fix", "servicecidr");
            assertThat(again.status()).as(again.stderr()).isZero();
            assertThat(again.text()).endsWith("Nothing to do.\n");
            for (String address : addresses(api)) {
                assertThat(kube.isAbsent(where.prefix() + "/ipaddresses/" + address))
                        .as(address)
                        .isFalse();
            }
        }
    }

    /// The first address is given to another Service between the plan and its run: Service `kubernetes` stays.
    @Test
    void looksUnderThatPrefixWhetherTheFirstAddressIsFree() throws IOException {
        Elsewhere where = Elsewhere.PREFIX;
        try (KubeProcess kube = KubeProcess.empty();
                KubeApi api = kube.api()) {
            accident(kube, api, where);
            for (String runbook : List.of("servicecidr", "ipaddresses", "namespace")) {
                Ran lost = new MedicAtKube(kube, folder.resolve("state"))
                        .medic("fix", runbook, "shop", "--etcd-prefix", "/registry");
                assertThat(lost.status()).as(lost.text()).isEqualTo(2);
                assertThat(lost.stderr())
                        .contains("etcd has no /registry/namespaces/kube-system")
                        .contains("give --etcd-prefix");
            }
            Path plan = folder.resolve("plan");
            Ran written = medic(kube, where, "fix", "servicecidr", "--plan", plan.toString());
            assertThat(written.status()).as(written.stderr()).isZero();
            api.create(new ApiName("networking.k8s.io", "v1", "servicecidrs", "", "taker"), Bytes.utf8("""
                            {"apiVersion":"networking.k8s.io/v1","kind":"ServiceCIDR","metadata":{"name":"taker"},
                             "spec":{"cidrs":["172.20.0.0/28"]}}"""), ACCIDENT);
            createService(api, "taker", where, ",\"clusterIP\":\"172.20.0.1\"");
            Ran applied = medic(
                    kube,
                    where,
                    "plan",
                    "apply",
                    plan.toString(),
                    "--approve",
                    written.text().strip());
            assertThat(applied.status()).as(applied.text() + applied.stderr()).isEqualTo(7);
            assertThat(applied.text() + applied.stderr())
                    .contains("172.20.0.1 is taken: Service kubernetes could not be made again");
            assertThat(object(api, KUBERNETES).text("spec", "clusterIP")).contains("10.0.0.1");
        }
    }

    /// Services in the right range without IPAddress objects; then a start with the wrong one, in which Service
    /// `kubernetes` is made anew; then the right one again.
    private void accident(KubeProcess kube, KubeApi api, Elsewhere where) throws IOException {
        String[] flags = flags(where);
        kube.startApiServer(where.right, flags);
        List.of("web", "db").forEach(name -> createService(api, name, where, ""));
        kube.stop("apiserver");
        kube.etcdctl("del", where.prefix() + "/servicecidrs/kubernetes");
        kube.etcdctl("del", "--prefix", where.prefix() + "/ipaddresses/");
        kube.etcdctl("del", where.prefix() + "/services/specs/default/kubernetes");
        kube.startApiServer(where.wrong, flags);
        KubeProcess.await(
                "Service kubernetes in the wrong range",
                Duration.ofSeconds(60),
                () -> api.get(KUBERNETES).isPresent());
        kube.restartApiServer(where.right, flags);
    }

    private String[] flags(Elsewhere where) throws IOException {
        List<String> flags = new ArrayList<>(List.of("--etcd-prefix=" + where.prefix()));
        if (where == Elsewhere.IPV6) {
            flags.add("--advertise-address=fd00:10::1");
        }
        if (where == Elsewhere.ENCRYPTED) {
            Files.writeString(keys(), """
                    apiVersion: apiserver.config.k8s.io/v1
                    kind: EncryptionConfiguration
                    resources:
                    - resources: ["*.*"]
                      providers:
                      - aescbc: {keys: [{name: k1, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}
                      - identity: {}
                    """);
            flags.add("--encryption-provider-config=" + keys());
        }
        return flags.toArray(String[]::new);
    }

    private Path keys() {
        return folder.resolve("encryption.yaml");
    }

    private static void createService(KubeApi api, String name, Elsewhere where, String spec) {
        String families = where == Elsewhere.DUAL ? ",\"ipFamilyPolicy\":\"RequireDualStack\"" : "";
        KubeProcess.await("Service " + name, Duration.ofSeconds(30), () -> {
            try {
                api.create(
                        new ApiName("", "v1", "services", "default", name),
                        Bytes.utf8("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"" + name
                                + "\"},\"spec\":{\"ports\":[{\"port\":80}]" + families + spec + "}}"),
                        ACCIDENT);
                return true;
            } catch (Failure notYet) {
                return false;
            }
        });
    }

    private static List<String> addresses(KubeApi api) {
        List<String> found = new ArrayList<>();
        for (String name : List.of("web", "db", "kubernetes")) {
            found.addAll(object(api, new ApiName("", "v1", "services", "default", name))
                    .texts("spec", "clusterIPs"));
        }
        return found;
    }

    private static Document object(KubeApi api, ApiName name) {
        return Json.read(api.get(name).orElseThrow().json());
    }

    private Ran medic(KubeProcess kube, Elsewhere where, String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--etcd-prefix", where.prefix()));
        if (where == Elsewhere.ENCRYPTED) {
            line.addAll(List.of("--encryption-config", keys().toString()));
        }
        return new MedicAtKube(kube, folder.resolve("state")).medic(line.toArray(String[]::new));
    }
}
