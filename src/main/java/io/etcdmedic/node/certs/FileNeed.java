package io.etcdmedic.node.certs;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A file that services read, and the users that they run as.
///
/// @param path as the service names it, links and all
/// @param readers services that do not run as root; empty: root alone
/// @param secret whether nobody else may read it
/// @param because what says so, in words: "RKE1's layout", "kube-apiserver --tls-cert-file"
record FileNeed(String path, Set<Reader> readers, boolean secret, String because) {
    FileNeed {
        readers = Set.copyOf(readers);
    }

    /// A key with which certificates are made: no service of a rebuilt node may have it.
    boolean isAuthority() {
        return path.endsWith("/kube-ca-key.pem") || path.endsWith("requestheader-ca-key.pem");
    }

    /// The readers, one for each user and its groups, the first service of each.
    List<Reader> distinctReaders() {
        Collection<Reader> first = new TreeSet<>(readers)
                .stream()
                        .collect(Collectors.toMap(Reader::as, r -> r, (a, _) -> a, java.util.LinkedHashMap::new))
                        .values();
        return first.stream()
                .sorted(java.util.Comparator.comparing(Reader::user))
                .toList();
    }

    /// The names of the users, sorted.
    List<String> users() {
        return readers.stream().map(Reader::user).distinct().sorted().toList();
    }

    boolean isReadBy(String user) {
        return users().contains(user);
    }
}
