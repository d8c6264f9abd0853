package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.document.Document;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Scene;
import io.etcdmedic.runbook.Stored;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Stream;

/// The hosts on which kube-apiservers live, from their identity leases: those are there, too, while Service
/// `kubernetes` is absent and `masterleases` with it.
///
/// Shape: `leases/kube-system/apiserver-HASH`, labels `apiserver.kubernetes.io/identity=kube-apiserver` and
/// `kubernetes.io/hostname`, renewed every 10 s. Source: K8S pkg/controlplane/apiserver/server.go.
final class Identities {
    /// Six renewals: the lease itself says an hour, long after its kube-apiserver is gone.
    private static final Duration FRESH = Duration.ofSeconds(60);

    private Identities() {}

    /// Those of other machines: what runs on this one is seen by its process.
    static List<String> elsewhere(Scene scene, Registry registry) {
        return fresh(registry, scene.clock().instant())
                .filter(lease -> !isHere(scene, lease))
                .map(Identities::host)
                .distinct()
                .toList();
    }

    static Stream<Document> here(Scene scene, Registry registry) {
        return fresh(registry, scene.clock().instant()).filter(lease -> isHere(scene, lease));
    }

    private static boolean isHere(Scene scene, Document lease) {
        return host(lease)
                .equalsIgnoreCase(scene.machine()
                        .read("/proc/sys/kernel/hostname")
                        .textOrEmpty()
                        .strip());
    }

    static String host(Document lease) {
        return lease.text("metadata", "labels", "kubernetes.io/hostname")
                .orElse(lease.text("metadata", "name").orElse(""));
    }

    static Stream<Document> fresh(Registry registry, Instant now) {
        return registry.all("leases/kube-system/apiserver-").stream()
                .map(Stored::document)
                .filter(lease -> isFresh(lease, now));
    }

    static boolean isFresh(Document lease, Instant now) {
        return isRenewed(lease, now, FRESH);
    }

    static boolean isRenewed(Document lease, Instant now, Duration within) {
        try {
            return lease.text("spec", "renewTime")
                    .map(Instant::parse)
                    .filter(renewed -> Duration.between(renewed, now).compareTo(within) < 0)
                    .isPresent();
        } catch (DateTimeParseException noTime) {
            return false;
        }
    }
}
