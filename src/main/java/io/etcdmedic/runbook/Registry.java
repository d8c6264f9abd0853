package io.etcdmedic.runbook;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /// For the code of a named check.
    ///
    /// @param arguments of the check; `prefix` is kube-apiserver's `--etcd-prefix`
    /// @throws Failure.Corrupt when they name no prefix: under another one everything looks absent
    public static Registry of(Keyspace keyspace, Revision revision, Decoder decoder, Map<String, String> arguments) {
        String prefix = Optional.ofNullable(arguments.get("prefix"))
                .orElseThrow(() -> new Failure.Corrupt(Problem.in("reading a check of a plan")
                        .found("no prefix among its arguments")
                        .expected("the kube-apiserver's --etcd-prefix")
                        .hint("plan again")));
        return new Registry(keyspace, revision, decoder, prefix);
    }

    public Key key(String path) {
        return Key.of(prefix + "/" + path);
    }

    public String prefix() {
        return prefix;
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

    /// As [#get], where "it is not there" must not be said of one that cannot be read.
    ///
    /// @throws Failure.Corrupt when it cannot be decoded
    /// @throws Failure.Locked when it is encrypted and the key is not known
    public Optional<Stored> readable(String path) {
        return keyspace.get(key(path), Optional.of(revision)).map(entry -> new Stored(entry, decoder.decode(entry)));
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
