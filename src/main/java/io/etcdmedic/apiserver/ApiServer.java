package io.etcdmedic.apiserver;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.WritePermit;
import java.util.Optional;

/// The Kubernetes API as far as the repair engine needs it: one object at a time.
///
/// Errors of all methods: `Failure.Unreachable` when the server cannot be asked and nothing was sent,
/// `Failure.Unsettled` when the answer to a change is lost, `Failure.Locked` without permission,
/// `Failure.Refused` when the server rejects what was asked (its message in `found`).
public interface ApiServer {

    /// Where it is, as the operator would write it.
    String address();

    /// Whether `/readyz` says ok now; never throws for a server that is down.
    boolean ready();

    Optional<ApiObject> get(ApiName name);

    /// Creates the object that `json` describes; it is sent once.
    Created create(ApiName name, Bytes json, WritePermit permit);

    /// Deletes the object if it still has this UID and, where given, this resourceVersion; it is sent once.
    ///
    /// @return empty when the object is not there; else whether it is gone or lives on with a deletion mark
    /// @throws io.etcdmedic.failure.Failure.Stale when UID or resourceVersion differ
    Optional<Deleted> delete(ApiName name, Same same, WritePermit permit);

    /// Patches the object if it still has this UID and resourceVersion; it is sent once.
    ///
    /// @throws io.etcdmedic.failure.Failure.Stale when UID or resourceVersion differ, or the object is gone
    ApiObject patch(ApiName name, Same same, PatchType type, Bytes patch, WritePermit permit);

    /// The object that is meant.
    ///
    /// @param resourceVersion empty: any
    record Same(String uid, Optional<String> resourceVersion) {}

    enum PatchType {
        JSON("application/json-patch+json"),
        MERGE("application/merge-patch+json"),
        STRATEGIC("application/strategic-merge-patch+json"),
        /// The body is the whole object for the `finalize` subresource of a namespace.
        FINALIZE("application/json");

        private final String mediaType;

        PatchType(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }
    }

    sealed interface Created {
        /// Made by this call.
        record New(ApiObject object) implements Created {}

        /// There was one of that name already (AlreadyExists); it is as it was.
        record Existing(ApiObject object) implements Created {}
    }

    enum Deleted {
        GONE,
        TERMINATING
    }
}
