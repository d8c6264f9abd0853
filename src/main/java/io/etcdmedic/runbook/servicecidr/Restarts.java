package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.document.Document;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Wait;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether every kube-apiserver was started anew since a moment, told by its identity lease: each start holds it under
/// another name, `apiserver-HASH_UUID`.
///
/// Arguments of the check: `prefix`, and `holders`, the names of that moment, separated by commas.
/// Source: K8S pkg/controlplane/apiserver/server.go and the lease of kube-apiserver 1.36.
final class Restarts {
    /// An operator restarts them one by one.
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private Restarts() {}

    /// Waits for another start of each one that lives now.
    static Wait awaited(Registry registry) {
        String holders = String.join(
                ",",
                Identities.leases(registry).stream()
                        .flatMap(lease -> holder(lease.document()).stream())
                        .toList());
        return Wait.until(
                "every kube-apiserver was started anew",
                new Check.Named(ServiceCidrChecks.RESTARTED, Map.of("prefix", registry.prefix(), "holders", holders)),
                PATIENCE);
    }

    /// Which one still runs as it did then; a lease that is not renewed any more is of one that stands still.
    static Optional<String> missing(Registry registry, Map<String, String> arguments, Instant now) {
        List<String> then = List.of(arguments.getOrDefault("holders", "").split(",", -1));
        if (then.equals(List.of(""))) {
            return Optional.of("these kube-apiservers hold no identity leases (they do from 1.26 on):"
                    + " whether they were restarted cannot be seen");
        }
        return Identities.leases(registry).stream()
                .map(Stored::document)
                .filter(lease -> Identities.isFresh(lease, now))
                .filter(lease -> holder(lease).filter(then::contains).isPresent())
                .map(lease -> "the kube-apiserver on " + Identities.host(lease) + " runs since before the undo")
                .findFirst();
    }

    private static Optional<String> holder(Document lease) {
        return lease.text("spec", "holderIdentity").filter(name -> !name.isEmpty());
    }
}
