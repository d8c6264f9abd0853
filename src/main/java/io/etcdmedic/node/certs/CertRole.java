package io.etcdmedic.node.certs;

import io.etcdmedic.installation.Component;
import java.util.Optional;
import java.util.Set;

/// What RKE1 made a certificate for: who needs the files, and what the certificate must be good for.
///
/// Source: RKE pki/constants.go, pki/services.go; users of the NixOS modules.
///
/// @param certReaders the services that read NAME.pem
/// @param keyReaders the services that read NAME-key.pem; only root when empty
/// @param ca the certificate file that signs it; empty for a CA
enum CertRole {
    CA(
            "kube-ca",
            Set.of(Component.APISERVER, Component.CONTROLLER_MANAGER, Component.SCHEDULER, Component.ETCD),
            Set.of(),
            "",
            false,
            false),
    REQUESTHEADER_CA("kube-apiserver-requestheader-ca", Set.of(Component.APISERVER), Set.of(), "", false, false),
    APISERVER("kube-apiserver", Set.of(Component.APISERVER), Set.of(Component.APISERVER), "kube-ca.pem", true, true),
    PROXY_CLIENT(
            "kube-apiserver-proxy-client",
            Set.of(Component.APISERVER),
            Set.of(Component.APISERVER),
            "kube-apiserver-requestheader-ca.pem",
            false,
            true),
    CONTROLLER_MANAGER(
            "kube-controller-manager",
            Set.of(Component.CONTROLLER_MANAGER),
            Set.of(Component.CONTROLLER_MANAGER),
            "kube-ca.pem",
            false,
            true),
    SCHEDULER("kube-scheduler", Set.of(Component.SCHEDULER), Set.of(Component.SCHEDULER), "kube-ca.pem", false, true),
    NODE("kube-node", Set.of(Component.APISERVER), Set.of(Component.APISERVER), "kube-ca.pem", false, true),
    SERVICE_ACCOUNT(
            "kube-service-account-token",
            Set.of(),
            Set.of(Component.APISERVER, Component.CONTROLLER_MANAGER),
            "kube-ca.pem",
            false,
            false),
    PROXY("kube-proxy", Set.of(), Set.of(), "kube-ca.pem", false, true),
    ADMIN("kube-admin", Set.of(), Set.of(), "kube-ca.pem", false, true),
    ETCD_CLIENT_CA("kube-etcd-client-ca", Set.of(Component.APISERVER), Set.of(), "", false, false),
    ETCD_CLIENT(
            "kube-etcd-client",
            Set.of(Component.APISERVER),
            Set.of(Component.APISERVER),
            "kube-etcd-client-ca.pem",
            false,
            true),
    ETCD("kube-etcd", Set.of(Component.ETCD), Set.of(Component.ETCD), "kube-ca.pem", true, true),
    KUBELET_SERVING("kube-kubelet", Set.of(), Set.of(), "kube-ca.pem", true, false);

    private final String stem;
    private final Set<Component> certReaders;
    private final Set<Component> keyReaders;
    private final String signer;
    private final boolean serves;
    private final boolean isClient;

    CertRole(
            String stem,
            Set<Component> certReaders,
            Set<Component> keyReaders,
            String signer,
            boolean serves,
            boolean isClient) {
        this.stem = stem;
        this.certReaders = certReaders;
        this.keyReaders = keyReaders;
        this.signer = signer;
        this.serves = serves;
        this.isClient = isClient;
    }

    /// `kube-etcd-51-81-64-31` is `ETCD`; unknown names have no role.
    static Optional<CertRole> ofStem(String stem) {
        for (CertRole role : values()) {
            boolean addressed = role == ETCD || role == KUBELET_SERVING;
            if (addressed ? stem.startsWith(role.stem + "-") : stem.equals(role.stem)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /// Whether its key makes certificates; the key may be kept off the node.
    boolean isAuthority() {
        return this == CA || this == REQUESTHEADER_CA || this == ETCD_CLIENT_CA;
    }

    /// Whether it is of an etcd outside of the cluster (external_urls of cluster.yml): whom that etcd believes is
    /// not known here.
    boolean isOutside() {
        return this == ETCD_CLIENT || this == ETCD_CLIENT_CA;
    }

    Set<Component> certReaders() {
        return certReaders;
    }

    Set<Component> keyReaders() {
        return keyReaders;
    }

    String signer() {
        return signer;
    }

    boolean serves() {
        return serves;
    }

    boolean isClient() {
        return isClient;
    }
}
