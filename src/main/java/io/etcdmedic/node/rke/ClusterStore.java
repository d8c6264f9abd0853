package io.etcdmedic.node.rke;

import io.etcdmedic.codec.Codec;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The objects of a cluster, read from its etcd or a snapshot of it.
///
/// @param prefix of the registry, without a slash at its end
public record ClusterStore(Keyspace keyspace, String prefix, Codec codec) {

    /// One object.
    ///
    /// @throws Failure.Locked when it is encrypted and the key is not known
    /// @throws Failure.Corrupt when its value breaks its format
    Optional<Document> object(String path) {
        return keyspace.get(Key.of(prefix + "/" + path)).map(codec::document);
    }

    /// The objects below `folder` that can be read, with their paths below it.
    List<Stored> list(String folder) {
        List<Stored> found = new ArrayList<>();
        String start = prefix + "/" + folder + "/";
        try (Entries entries = keyspace.scan(KeyRange.prefix(Key.of(start)), Scan.values())) {
            while (entries.hasNext()) {
                Entry entry = entries.next();
                read(entry)
                        .ifPresent(
                                d -> found.add(new Stored(entry.key().display().substring(start.length()), d)));
            }
        }
        return found;
    }

    /// The pods that run on the Node of that name.
    public List<Document> podsOn(String node) {
        return list("pods").stream()
                .map(Stored::document)
                .filter(pod -> pod.text("spec", "nodeName").orElse("").equals(node))
                .toList();
    }

    /// @param path below the folder that was asked for: `kube-system/canal-x7abc`
    record Stored(String path, Document document) {}

    private Optional<Document> read(Entry entry) {
        try {
            return Optional.of(codec.document(entry));
        } catch (Failure unreadable) {
            return Optional.empty();
        }
    }
}
