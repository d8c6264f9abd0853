package io.etcdmedic.repair.plan;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.keyspace.Key;
import java.util.Optional;

/// A change of one object through the Kubernetes API, under UID and resourceVersion. Settled by UID.
///
/// Each names the object's etcd key too: the engine proves with it that API and etcd are one cluster.
public sealed interface ApiChange extends Step {
    ApiName name();

    Key key();

    /// @param body the object as JSON
    /// @param acceptExisting an object of that name is as good as a new one when this holds
    record Create(Frame frame, ApiName name, Key key, Value body, Check acceptExisting) implements ApiChange {}

    /// An object that is gone already counts as deleted.
    ///
    /// @param same the object that is meant; empty: whatever `key` holds when the step's turn comes, if `frame`'s
    /// `when` and `requires` let it through
    /// @param body the object as JSON, for the inverse: it is created again without UID and resourceVersion
    record Delete(Frame frame, ApiName name, Key key, Optional<ApiServer.Same> same, Optional<Value> body)
            implements ApiChange {}

    /// @param back the patch that takes it back
    record Patch(
            Frame frame,
            ApiName name,
            Key key,
            ApiServer.Same same,
            ApiServer.PatchType type,
            Value patch,
            Optional<Value> back)
            implements ApiChange {}
}
