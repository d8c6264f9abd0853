package io.etcdmedic.node.certs;

import java.util.Set;

/// A file that services read, and the users that they run as.
///
/// @param path as the service names it, links and all
/// @param readers users other than root; empty: root alone
/// @param secret whether nobody else may read it
/// @param because what says so, in words: "RKE1's layout", "kube-apiserver --tls-cert-file"
record FileNeed(String path, Set<String> readers, boolean secret, String because) {
    FileNeed {
        readers = Set.copyOf(readers);
    }

    /// A key with which certificates are made: no service of a rebuilt node may have it.
    boolean isAuthority() {
        return path.endsWith("/kube-ca-key.pem") || path.endsWith("requestheader-ca-key.pem");
    }

    String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
