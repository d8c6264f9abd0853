package io.etcdmedic.command.fix;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.SoundFile;
import io.etcdmedic.command.change.EtcdSite;
import io.etcdmedic.document.Document;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.etcd.Member;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.installation.Installation;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.World;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.runbook.Decoder;
import io.etcdmedic.runbook.OneCluster;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Scene;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// What a runbook looks at, from what the command line names.
///
/// @param from an older state of the same cluster, see [Scene#older]
public record Scenery(Session session, Decoder decoder, Optional<Path> from) {

    /// The live cluster, its API, and this machine.
    public Scene live() {
        EtcdCluster cluster = session.cluster();
        Keyspace keyspace = session.keyspace();
        Revision now = keyspace.revision();
        LiveMachine machine = LiveMachine.at(Path.of("/"));
        Binding binding = new Binding(
                cluster.clusterId(),
                cluster.members().stream().map(Member::hex).sorted().toList(),
                now,
                cluster.version(),
                uid(keyspace, now));
        return new Scene(
                keyspace,
                older(),
                decoder,
                this::encode,
                prefix(),
                Optional.of(cluster),
                session.api(),
                machine,
                Installation.of(machine).parts(),
                binding,
                session.clock(),
                new SecureRandom(),
                World.Pause.REAL,
                session::mention);
    }

    /// A database file, with a played kube-apiserver; nothing of this machine belongs to it.
    Scene played(EtcdSite.Copy copy) {
        Revision now = copy.keyspace().revision();
        return new Scene(
                copy.keyspace(),
                older(),
                decoder,
                this::encode,
                prefix(),
                Optional.empty(),
                copy.api(),
                LiveMachine.at(Path.of("/")),
                List.of(),
                new Binding(copy.keyspace().source().clusterId(), List.of(), now, "", uid(copy.keyspace(), now)),
                session.clock(),
                new SecureRandom(),
                World.Pause.REAL,
                session::mention);
    }

    private Bytes encode(Entry like, Document document) {
        return session.codec().encode(like.key(), document, like.value());
    }

    private Optional<Keyspace> older() {
        return from.map(file -> {
            SoundFile.require(
                    session,
                    file,
                    "look at the value with medic get --snapshot " + file + " and store it with medic put");
            SnapshotKeyspace opened = SnapshotFile.open(file);
            session.atEnd(opened::close);
            return opened;
        });
    }

    private String prefix() {
        return session.registry().prefix();
    }

    private Optional<String> uid(Keyspace keyspace, Revision at) {
        return OneCluster.uid(new Registry(keyspace, at, decoder, prefix()));
    }
}
