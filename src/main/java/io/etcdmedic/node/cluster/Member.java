package io.etcdmedic.node.cluster;

import java.util.List;

/// A member of etcd.
///
/// @param version of its server, where it was asked; empty when not
public record Member(String name, List<String> peerUrls, List<String> clientUrls, boolean learner, String version) {
    public Member {
        peerUrls = List.copyOf(peerUrls);
        clientUrls = List.copyOf(clientUrls);
    }
}
