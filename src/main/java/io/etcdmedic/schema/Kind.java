package io.etcdmedic.schema;

/// An object of its own: what its `apiVersion` and `kind` say, and the message it is stored as.
///
/// @param apiVersion `apps/v1`; `v1` for the core group
/// @param message the full name of the message: `k8s.io.api.apps.v1.Deployment`
public record Kind(String apiVersion, String kind, String message) {}
