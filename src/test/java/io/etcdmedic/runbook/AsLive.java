package io.etcdmedic.runbook;

import io.etcdmedic.keyspace.ForwardingKeyspace;
import io.etcdmedic.keyspace.Source;
import io.etcdmedic.keyspace.WritableKeyspace;

/// A keyspace in memory that says it is a live cluster, for what only those are asked.
final class AsLive extends ForwardingKeyspace {
    AsLive(WritableKeyspace inside) {
        super(inside);
    }

    @Override
    public Source source() {
        return new Source(Source.Kind.LIVE, "http://127.0.0.1:2379", "c1");
    }
}
