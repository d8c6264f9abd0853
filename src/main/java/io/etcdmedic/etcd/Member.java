package io.etcdmedic.etcd;

import java.util.List;

/// One member as the cluster knows it.
///
/// @param id etcd's number for it; shown in hexadecimal, as etcdctl does
/// @param name empty until it started for the first time
public record Member(long id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {
    public Member {
        peerUrls = List.copyOf(peerUrls);
        clientUrls = List.copyOf(clientUrls);
    }

    public String hex() {
        return Long.toHexString(id);
    }

    /// As the operator would name it.
    public String display() {
        return (name.isEmpty() ? "not started" : name) + " (" + hex() + ")";
    }
}
