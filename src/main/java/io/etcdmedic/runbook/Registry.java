package io.etcdmedic.runbook;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Kubernetes' objects in a keyspace at one revision.
///
/// One value that cannot be decoded is remembered in [#troubles], and the others are answered.
public final class Registry {
    private final Keyspace keyspace;
    private final Revision revision;
    private final Decoder decoder;
    private final String prefix;
    private final List<String> troubles = new ArrayList<>();

    /// @param prefix kube-apiserver's `--etcd-prefix`: `/registry`
    public Registry(Keyspace keyspace, Revision revision, Decoder decoder, String prefix) {
        this.keyspace = keyspace;
        this.revision = revision;
        this.decoder = decoder;
        this.prefix = prefix;
    }

    public Key key(String path) {
        return Key.of(prefix + "/" + path);
    }

    public Revision revision() {
        return revision;
    }

    public Keyspace keyspace() {
        return keyspace;
    }

    /// @param path below the prefix: `servicecidrs/kubernetes`
    public Optional<Stored> get(String path) {
        return keyspace.get(key(path), Optional.of(revision)).flatMap(this::decode);
    }

    /// Every object whose key begins with `folder`, in key order.
    public List<Stored> all(String folder) {
        List<Stored> found = new ArrayList<>();
        try (Entries entries =
                keyspace.scan(KeyRange.prefix(key(folder)), Scan.values().at(revision))) {
            entries.forEachRemaining(entry -> decode(entry).ifPresent(found::add));
        }
        return found;
    }

    /// The keys below `folder`, for what is told by the key alone.
    public List<Key> keys(String folder) {
        List<Key> found = new ArrayList<>();
        try (Entries entries =
                keyspace.scan(KeyRange.prefix(key(folder)), Scan.keys().at(revision))) {
            entries.forEachRemaining(entry -> found.add(entry.key()));
        }
        return found;
    }

    /// Values that could not be decoded so far, each with its reason.
    public List<String> troubles() {
        return List.copyOf(troubles);
    }

    private Optional<Stored> decode(Entry entry) {
        try {
            return Optional.of(new Stored(entry, decoder.decode(entry)));
        } catch (Failure.Corrupt | Failure.Locked unreadable) {
            troubles.add(entry.key().display() + ": " + unreadable.problem().message());
            return Optional.empty();
        }
    }
}
