package io.etcdmedic.command.change;

import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.archive.ArchiveWriter;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.NoKeys;
import io.etcdmedic.keyspace.Overlay;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.render.Yaml;
import io.etcdmedic.repair.ClusterAccess;
import io.etcdmedic.repair.HostAccess;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.runbook.Decoder;
import java.util.Map;
import java.util.Optional;

/// What the engine acts on in one change.
///
/// @param cluster empty where there is none to look at: an overlay, or no etcd at all
/// @param api empty: no Kubernetes API was named
/// @param named checks by name, see [io.etcdmedic.repair.plan.Check.Named]
public record Ground(
        WritableKeyspace keyspace,
        Optional<ClusterAccess> cluster,
        Optional<ApiServer> api,
        HostAccess host,
        Decoder decoder,
        Map<String, NamedCheck> named) {
    public Ground {
        named = Map.copyOf(named);
    }

    /// For plans that change this machine only, and no etcd.
    public static Ground ofHost(HostAccess host) {
        return new Ground(
                new Overlay(new NoKeys()), Optional.empty(), Optional.empty(), host, Codec.plain()::document, Map.of());
    }

    /// What an archive shows beside a stored value; nothing for one that cannot be decoded.
    ArchiveWriter.View view() {
        return entry -> {
            try {
                return Optional.of(Yaml.of(decoder.decode(entry)));
            } catch (Failure unreadable) {
                return Optional.empty();
            }
        };
    }
}
