package io.etcdmedic.node.version;

import io.etcdmedic.installation.Component;

/// What one part runs on one host.
///
/// @param host the Node's name, or the member's
/// @param how who says so
/// @param inferred whether it follows from another part of the host: RKE1 and NixOS move all parts of a host together
public record RunningVersion(
        String host, Component component, KubernetesVersion version, String how, boolean inferred) {}
