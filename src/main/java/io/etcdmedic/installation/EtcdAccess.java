package io.etcdmedic.installation;

import java.util.List;

/// How to reach etcd with what lies on the machine.
///
/// @param endpoints URLs
/// @param caFile path inside the machine; empty for plain http
/// @param certFile path inside the machine; empty without client certificate
/// @param keyFile path inside the machine; empty without client certificate
/// @param origin what says so, for the operator: `flags of kube-apiserver (pid 812)`
public record EtcdAccess(List<String> endpoints, String caFile, String certFile, String keyFile, String origin) {
    public EtcdAccess {
        endpoints = List.copyOf(endpoints);
    }
}
