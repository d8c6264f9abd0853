package io.etcdmedic.node.version;

/// Objects of one kind that are stored in one version.
///
/// @param example one of their keys
public record StoredVersion(String apiVersion, String kind, long objects, String example) {}
