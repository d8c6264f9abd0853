package io.etcdmedic.node.version;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.ETCD;
import static io.etcdmedic.installation.Component.KUBELET;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The way to a version: the next step that is allowed, what stands in its way, and its order host by host.
///
/// @param steps what to do, in order; the first of it is the next minor only
public record UpgradePath(
        KubernetesVersion today, KubernetesVersion target, List<String> steps, List<Finding> findings) {
    public UpgradePath {
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
    }

    /// @param target empty: the next minor
    /// @return empty when no apiserver's version is known
    public static Optional<UpgradePath> to(
            List<RunningVersion> running,
            Optional<KubernetesVersion> target,
            Flags etcdFlags,
            List<StoredVersion> stored) {
        Optional<KubernetesVersion> oldest = versions(running, APISERVER).min(KubernetesVersion::compareTo);
        return oldest.map(today -> {
            KubernetesVersion wanted = target.orElse(today.nextMinor());
            List<Finding> findings = new ArrayList<>();
            List<String> steps = new ArrayList<>();
            direction(today, wanted, findings);
            if (wanted.minorsAhead(today) >= 0) {
                KubernetesVersion next = wanted.minorsAhead(today) > 0 ? today.nextMinor() : today.toMinor();
                kubelets(running, next, findings);
                StoredVersions.unreadable(stored, wanted).forEach(findings::add);
                etcd(running, etcdFlags, findings);
                order(running, today, next, wanted, steps);
            }
            return new UpgradePath(today, wanted, steps, findings);
        });
    }

    private static void direction(KubernetesVersion today, KubernetesVersion wanted, List<Finding> findings) {
        int ahead = wanted.minorsAhead(today);
        if (ahead < 0) {
            findings.add(Finding.error("version/target", wanted.toString())
                    .evidence("the oldest apiserver runs %s: a step back by %d minors".formatted(today, -ahead))
                    .consequence("Once a newer apiserver has stored objects, an older one may not read them.")
                    .cure("restore a snapshot from before, or stay at " + today));
        } else if (ahead > 1) {
            findings.add(Finding.error("version/target", wanted.toString())
                    .evidence("the oldest apiserver runs %s: %d minors at once".formatted(today, ahead))
                    .consequence(
                            "An apiserver skips no minor, not even a single one: stored objects become unreadable, and"
                                    + " migrations do not run.")
                    .cure("next is " + today.nextMinor() + "; then minor by minor to " + wanted.toMinor()));
        }
    }

    /// A kubelet must be within its lag of the apiservers before these move.
    private static void kubelets(List<RunningVersion> running, KubernetesVersion next, List<Finding> findings) {
        running.stream()
                .filter(v -> v.component() == KUBELET)
                .filter(v -> next.minorsAhead(v.version()) > SkewCheck.lagMax(v.version()))
                .forEach(v -> findings.add(Finding.error("version/kubelet-first", "kubelet on " + v.host())
                        .evidence("%s (%s) would be %d minors behind %s; %d are supported"
                                .formatted(
                                        v.version(),
                                        v.how(),
                                        next.minorsAhead(v.version()),
                                        next,
                                        SkewCheck.lagMax(v.version())))
                        .consequence("The node falls out of support as soon as the first apiserver moves.")
                        .cure("drain it and move it before the apiservers")));
    }

    /// NixOS' default etcd since 25.11.
    private static void etcd(List<RunningVersion> running, Flags flags, List<Finding> findings) {
        versions(running, ETCD)
                .min(KubernetesVersion::compareTo)
                .ifPresent(oldest -> EtcdSteps.between(oldest, KubernetesVersion.minor(3, 6), flags)
                        .forEach(step -> findings.add(Finding.warning("version/etcd-step", "etcd " + oldest + " → 3.6")
                                .evidence("NixOS' default package is 3.6 since 25.11: " + step.why())
                                .consequence(step.consequence())
                                .cure(step.cure()))));
    }

    private static void order(
            List<RunningVersion> running,
            KubernetesVersion today,
            KubernetesVersion next,
            KubernetesVersion wanted,
            List<String> steps) {
        List<String> controlPlane = hosts(running, APISERVER).stream()
                .filter(h -> isBehind(running, h, next))
                .toList();
        List<String> workers = hosts(running, KUBELET).stream()
                .filter(h -> !hosts(running, APISERVER).contains(h) && isBehind(running, h, next))
                .toList();
        steps.add("medic snapshot save before.db; medic snapshot verify before.db");
        steps.add("admission webhooks accept objects of %s; nothing uses APIs that %s removes".formatted(next, next));
        for (String host : controlPlane) {
            steps.add("%s: drain, nixos-rebuild switch with Kubernetes %s, wait for /readyz, Node Ready, uncordon"
                    .formatted(host, next));
        }
        if (controlPlane.size() > 1) {
            steps.add(
                    "a NixOS host moves apiserver, controller manager, scheduler, kubelet and proxy together: until the last of"
                            + " these hosts has moved, each must ask its own apiserver (apiserverAddress), or newer parts ask older"
                            + " apiservers");
        }
        for (String host : workers) {
            steps.add(
                    "%s: drain, nixos-rebuild switch with Kubernetes %s, Node Ready, uncordon (at most %d minors behind until then)"
                            .formatted(host, next, SkewCheck.lagMax(next)));
        }
        if (wanted.minorsAhead(next) > 0) {
            boolean last = next.nextMinor().equals(wanted.toMinor());
            steps.add("then %s, the same way%s; kubelets of workers may wait, within their lag"
                    .formatted(next.nextMinor(), last ? "" : ", and so on to " + wanted.toMinor()));
        }
        if (next.equals(today.toMinor())) {
            steps.add("a patch within " + today.toMinor() + ": the order is the same, nothing is skipped");
        }
    }

    /// Whether any part of the host is still before `next`; a host without a known version is.
    private static boolean isBehind(List<RunningVersion> running, String host, KubernetesVersion next) {
        return running.stream()
                .filter(v -> v.host().equals(host) && v.component() != ETCD)
                .anyMatch(v -> next.minorsAhead(v.version()) >= 0
                        && (next.minorsAhead(v.version()) > 0 || isPatchOnly(running, next)));
    }

    /// All apiservers run that minor already: what is left is a patch, or the workers.
    private static boolean isPatchOnly(List<RunningVersion> running, KubernetesVersion next) {
        return versions(running, APISERVER).allMatch(v -> next.minorsAhead(v) == 0);
    }

    private static List<String> hosts(List<RunningVersion> running, Component component) {
        return running.stream()
                .filter(v -> v.component() == component)
                .map(RunningVersion::host)
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<KubernetesVersion> versions(List<RunningVersion> running, Component component) {
        return running.stream().filter(v -> v.component() == component).map(RunningVersion::version);
    }
}
