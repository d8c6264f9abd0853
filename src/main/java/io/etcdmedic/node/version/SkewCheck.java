package io.etcdmedic.node.version;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.CONTROLLER_MANAGER;
import static io.etcdmedic.installation.Component.ETCD;
import static io.etcdmedic.installation.Component.KUBELET;
import static io.etcdmedic.installation.Component.PROXY;
import static io.etcdmedic.installation.Component.SCHEDULER;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The version skew that Kubernetes supports.
///
/// With apiservers of two minors the older is the upper bound of all others, the newer their lower bound.
/// Source: kubernetes.io/releases/version-skew-policy: kubelets before 1.25 may lag by two minors, later ones by
/// three.
public final class SkewCheck {
    private static final KubernetesVersion THREE_MINORS_SINCE = KubernetesVersion.minor(1, 25);
    private final List<RunningVersion> running;
    private final List<Finding> findings = new ArrayList<>();

    private SkewCheck(List<RunningVersion> running) {
        this.running = running;
    }

    public static List<Finding> of(List<RunningVersion> running) {
        SkewCheck check = new SkewCheck(running);
        if (check.all(APISERVER).isEmpty()) {
            check.findings.add(Finding.unknown("version/apiserver", "kube-apiserver")
                    .evidence("no version of any apiserver is known")
                    .consequence("Nothing can be measured against it.")
                    .cure("name a source: --snapshot FILE or --endpoints URL; or judge on a control-plane node"));
            return check.findings;
        }
        check.apiservers();
        check.controllers();
        check.kubelets();
        check.proxies();
        check.members();
        return check.findings;
    }

    private List<RunningVersion> all(Component component) {
        return running.stream().filter(v -> v.component() == component).toList();
    }

    private KubernetesVersion oldest() {
        return all(APISERVER).stream()
                .map(RunningVersion::version)
                .min(KubernetesVersion::compareTo)
                .orElseThrow();
    }

    private KubernetesVersion newest() {
        return all(APISERVER).stream()
                .map(RunningVersion::version)
                .max(KubernetesVersion::compareTo)
                .orElseThrow();
    }

    /// How many minors a kubelet or kube-proxy of `version` may lag behind.
    public static int lagMax(KubernetesVersion version) {
        return version.isBefore(THREE_MINORS_SINCE) ? 2 : 3;
    }

    private void apiservers() {
        int spread = newest().minorsAhead(oldest());
        if (spread > 1) {
            findings.add(Finding.error("version/apiservers", "kube-apiserver")
                    .evidence("the newest runs %s, the oldest %s".formatted(newest(), oldest()))
                    .consequence("Apiservers more than one minor apart write objects that the others cannot read.")
                    .cure("bring the old ones forward, one minor at a time"));
        }
    }

    private void controllers() {
        for (Component component : List.of(CONTROLLER_MANAGER, SCHEDULER)) {
            for (RunningVersion part : all(component)) {
                if (part.version().minorsAhead(oldest()) > 0) {
                    findings.add(ahead(part)
                            .consequence(
                                    "It may ask for APIs that this apiserver does not have, unless it reaches only its own"
                                            + " host's apiserver.")
                            .cure("move every apiserver first; on NixOS let apiserverAddress name the host's own"));
                } else if (newest().minorsAhead(part.version()) > 1) {
                    findings.add(skew(part, "more than one minor behind the newest apiserver, " + newest())
                            .consequence("It may use APIs that are gone.")
                            .cure("move it to " + newest().toMinor()));
                }
            }
        }
    }

    private void kubelets() {
        for (RunningVersion kubelet : all(KUBELET)) {
            lag(kubelet);
        }
    }

    private void lag(RunningVersion part) {
        int lagMax = lagMax(part.version());
        if (part.version().minorsAhead(oldest()) > 0) {
            findings.add(ahead(part)
                    .consequence(
                            "It may ask for APIs that this apiserver does not have, unless it reaches only its own host's"
                                    + " apiserver.")
                    .cure("move every apiserver first"));
        } else if (newest().minorsAhead(part.version()) > lagMax) {
            findings.add(skew(
                            part,
                            "%d minors behind the newest apiserver, %s; %d are supported"
                                    .formatted(newest().minorsAhead(part.version()), newest(), lagMax))
                    .consequence("It may use APIs that are gone; its pods stop being managed.")
                    .cure("drain the node and move it to " + newest().toMinor() + ", minor by minor"));
        }
    }

    private void proxies() {
        for (RunningVersion proxy : all(PROXY)) {
            lag(proxy);
            Optional<KubernetesVersion> kubelet = all(KUBELET).stream()
                    .filter(k -> k.host().equals(proxy.host()))
                    .map(RunningVersion::version)
                    .findFirst();
            int apart =
                    kubelet.map(k -> Math.abs(k.minorsAhead(proxy.version()))).orElse(0);
            if (apart > lagMax(proxy.version())) {
                findings.add(skew(proxy, apart + " minors from its kubelet, " + kubelet.orElseThrow())
                        .consequence("Which Services' rules it writes is not supported by anybody.")
                        .cure("move both to one version"));
            }
        }
    }

    private void members() {
        List<KubernetesVersion> versions =
                all(ETCD).stream().map(RunningVersion::version).sorted().toList();
        if (versions.size() > 1 && versions.getLast().minorsAhead(versions.getFirst()) > 1) {
            findings.add(Finding.error("version/etcd", "etcd")
                    .evidence("members run %s to %s".formatted(versions.getFirst(), versions.getLast()))
                    .consequence("etcd supports members one minor apart, while they are being moved.")
                    .cure("bring the old ones forward, one minor at a time"));
        }
    }

    /// On a host whose own apiserver has moved it is the middle of an upgrade: RKE1 and NixOS let a host's parts
    /// ask their own apiserver.
    private Finding ahead(RunningVersion part) {
        boolean ownMoved = all(APISERVER).stream()
                .anyMatch(a -> a.host().equals(part.host()) && part.version().minorsAhead(a.version()) <= 0);
        String evidence =
                "%s (%s): newer than the oldest apiserver, %s".formatted(part.version(), part.how(), oldest());
        return ownMoved
                ? Finding.warning("version/skew", part.component().program() + " on " + part.host())
                        .evidence(evidence + "; its own host's apiserver has moved")
                : skew(part, "newer than the oldest apiserver, " + oldest());
    }

    private static Finding skew(RunningVersion part, String what) {
        return Finding.error("version/skew", part.component().program() + " on " + part.host())
                .evidence("%s (%s): %s".formatted(part.version(), part.how(), what));
    }
}
