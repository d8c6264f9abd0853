package io.etcdmedic.installation;

import java.util.List;
import java.util.Optional;

/// How the flags of kube-apiserver and etcd name etcd's addresses and certificates.
final class EtcdFlags {
    private EtcdFlags() {}

    static Optional<EtcdAccess> access(Part part) {
        return switch (part.component()) {
            case APISERVER -> access(part, "etcd-servers", "etcd-cafile", "etcd-certfile", "etcd-keyfile");
            case ETCD -> access(part, "advertise-client-urls", "trusted-ca-file", "cert-file", "key-file");
            case CONTROLLER_MANAGER, SCHEDULER, KUBELET, PROXY -> Optional.empty();
        };
    }

    private static Optional<EtcdAccess> access(Part part, String servers, String ca, String cert, String key) {
        Flags flags = part.flags();
        List<String> endpoints = flags.list(servers);
        if (endpoints.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new EtcdAccess(
                endpoints,
                flags.get(ca).orElse(""),
                flags.get(cert).orElse(""),
                flags.get(key).orElse(""),
                "flags of %s (%s %s)"
                        .formatted(part.component().program(), part.origin().words(), part.where())));
    }
}
