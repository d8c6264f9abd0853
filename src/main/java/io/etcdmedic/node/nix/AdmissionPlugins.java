package io.etcdmedic.node.nix;

import java.util.List;
import java.util.Set;

/// Admission plugins that need not be named: they are on by default, or gone.
///
/// Source: K8S pkg/kubeapiserver/options/plugins.go DefaultOffAdmissionPlugins; PodSecurityPolicy left with 1.25.
final class AdmissionPlugins {
    private static final Set<String> ON_BY_DEFAULT = Set.of(
            "NamespaceLifecycle",
            "LimitRanger",
            "ServiceAccount",
            "DefaultStorageClass",
            "PersistentVolumeClaimResize",
            "StorageObjectInUseProtection",
            "DefaultTolerationSeconds",
            "MutatingAdmissionWebhook",
            "ValidatingAdmissionWebhook",
            "ResourceQuota",
            "Priority",
            "TaintNodesByCondition",
            "RuntimeClass",
            "PodSecurity",
            "CertificateApproval",
            "CertificateSigning",
            "ClusterTrustBundleAttest",
            "CertificateSubjectRestriction",
            "DefaultIngressClass",
            "MutatingAdmissionPolicy",
            "ValidatingAdmissionPolicy");

    private static final Set<String> GONE = Set.of("PodSecurityPolicy", "PersistentVolumeLabel", "SecurityContextDeny");

    private AdmissionPlugins() {}

    static boolean isGone(String plugin) {
        return GONE.contains(plugin);
    }

    static List<String> thatMatter(List<String> plugins) {
        return plugins.stream()
                .filter(p -> !ON_BY_DEFAULT.contains(p) && !GONE.contains(p))
                .toList();
    }
}
