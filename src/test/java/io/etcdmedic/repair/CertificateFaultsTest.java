package io.etcdmedic.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.etcd.Connection;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.etcd.RealCluster;
import io.etcdmedic.etcd.TestPki;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.repair.Faults.Point;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.snapshot.RealEtcd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows of the fault matrix that need TLS: certificates that run out. Some seconds, because each has an etcd of its
/// own.
class CertificateFaultsTest {
    private static final String A = "/registry/configmaps/shop/a";
    private static final String VALUE = "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\"}";

    @TempDir
    Path folder = Path.of("");

    /// The client's certificate was good when the plan was made, and is out of date when it is applied.
    @Test
    void theCertificateExpiresBetweenPlanAndApply() throws Exception {
        try (RealCluster secure = RealCluster.start(RealEtcd.binaries().getFirst(), folder.resolve("secure"), 1)) {
            secure.etcdctl("put", A, VALUE);
            TestPki.Pair expired = secure.pki()
                    .issue("kube-old", "", TestPki.KeyKind.EC_PKCS8, "200101000000Z", "210101000000Z", "clientAuth");
            Plan plan;
            try (FaultLab then = lab(secure.connection())) {
                plan = then.deletion(A);
            }
            Connection late = Connections.tls(secure.endpoints(), secure.pki().ca(), Optional.of(expired));
            assertThatThrownBy(() -> {
                        try (FaultLab now = lab(late)) {
                            now.apply(plan, Faults.NONE);
                        }
                    })
                    .isInstanceOfAny(Failure.Unreachable.class, Failure.Locked.class)
                    .hasMessageContaining("expired on 2021-01-01");
            assertThat(secure.etcdctl("get", A)).contains("ConfigMap");
            assertThat(secure.etcdctl("get", "--prefix", Fence.PREFIX)).isBlank();
        }
    }

    /// The member's certificate runs out and the connection is made anew while the transaction is on its way.
    @Test
    void theMembersCertificateExpiresInTheMiddle() throws Exception {
        TestPki.Pair[] shown = new TestPki.Pair[1];
        try (RealCluster secure = RealCluster.startWith(
                RealEtcd.binaries().getFirst(),
                folder.resolve("secure"),
                pki -> shown[0] = pki.issue("member", "IP:127.0.0.1,DNS:localhost", TestPki.KeyKind.EC_PKCS8))) {
            secure.etcdctl("put", A, VALUE);
            TestPki.Pair expired = secure.pki()
                    .issue(
                            "late",
                            "IP:127.0.0.1,DNS:localhost",
                            TestPki.KeyKind.EC_PKCS8,
                            "200101000000Z",
                            "210101000000Z",
                            "serverAuth,clientAuth");
            byte[] good = Files.readAllBytes(shown[0].certificate());
            byte[] goodKey = Files.readAllBytes(shown[0].key());
            try (FaultLab lab = lab(Connections.patience(secure.connection(), Duration.ofSeconds(2)))) {
                Plan plan = lab.deletion(A);
                Outcome outcome =
                        lab.apply(plan, FaultLab.doing(Point.FENCE_WRITTEN, () -> restart(secure, shown[0], expired)));
                assertThat(outcome.result()).as(outcome.toString()).isEqualTo(Result.UNSETTLED);
                Files.write(shown[0].certificate(), good);
                Files.write(shown[0].key(), goodKey);
                assertThat(lab.resumed(plan).result()).isEqualTo(Result.APPLIED);
                assertThat(lab.get(A)).isEmpty();
            }
        }
    }

    private static void restart(RealCluster secure, TestPki.Pair shown, TestPki.Pair expired) {
        try {
            Files.copy(expired.certificate(), shown.certificate(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(expired.key(), shown.key(), StandardCopyOption.REPLACE_EXISTING);
            secure.stopMember(0);
            secure.startMember(0);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private FaultLab lab(Connection connection) {
        return new FaultLab(connection, folder.resolve("state"));
    }
}
