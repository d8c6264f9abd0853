package io.etcdmedic.node.cluster;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads the objects that say what a node must fit, all at one revision.
public final class ClusterReader {
    private static final Bytes ENCRYPTED = Bytes.utf8("k8s:enc:");
    private static final int TOKENS_MAX = 5;
    private final Keyspace keyspace;
    private final Decoding decoding;
    private final String prefix;
    private final Revision revision;
    private final List<String> troubles = new ArrayList<>();
    private long secrets;
    private long encrypted;

    /// A stored value as a document.
    @FunctionalInterface
    public interface Decoding {
        /// @throws Failure.Corrupt when the value breaks its format
        /// @throws Failure.Locked when it is encrypted
        Document document(Entry entry);
    }

    private ClusterReader(Keyspace keyspace, Decoding decoding, String prefix) {
        this.keyspace = keyspace;
        this.decoding = decoding;
        this.prefix = prefix;
        this.revision = keyspace.revision();
    }

    /// @param members as etcd itself lists them; none when the source cannot say
    public static ClusterFacts read(Keyspace keyspace, Decoding decoding, String prefix, List<Member> members) {
        return new ClusterReader(keyspace, decoding, prefix).read(members);
    }

    private ClusterFacts read(List<Member> members) {
        List<NodeObject> nodes = new ArrayList<>();
        each("minions/", node -> nodes.add(NodeObject.of(node)));
        List<ServiceObject> services = new ArrayList<>();
        each("services/specs/", service -> services.add(ServiceObject.of(service)));
        List<ClusterFacts.Identity> identities = new ArrayList<>();
        each("leases/kube-system/apiserver-", lease -> identities.add(identity(lease)));
        List<ClusterFacts.Candidate> candidates = new ArrayList<>();
        each("leasecandidates/kube-system/", candidate -> candidates.add(candidate(candidate)));
        Optional<List<String>> ranges = keyspace.get(Key.of(prefix + "/servicecidrs/kubernetes"), Optional.of(revision))
                .flatMap(this::document)
                .map(range -> range.texts("spec", "cidrs"));
        List<String> tokens = tokens();
        return new ClusterFacts(
                keyspace.source().toString(),
                prefix,
                members,
                nodes,
                services,
                ranges,
                tokens,
                identities,
                candidates,
                secrets,
                encrypted,
                troubles);
    }

    private void each(String folder, Consumer<Document> consumer) {
        scan(folder, entry -> document(entry).ifPresent(consumer));
    }

    private void scan(String folder, Consumer<Entry> consumer) {
        try (Entries entries = keyspace.scan(
                KeyRange.prefix(Key.of(prefix + "/" + folder)), Scan.values().at(revision))) {
            entries.forEachRemaining(consumer);
        }
    }

    private Optional<Document> document(Entry entry) {
        try {
            return Optional.of(decoding.document(entry));
        } catch (Failure.Corrupt | Failure.Locked unreadable) {
            troubles.add(entry.key().display() + ": " + unreadable.problem().message());
            return Optional.empty();
        }
    }

    /// Tokens that a controller manager wrote into Secrets: their signature says which key the cluster believes.
    private List<String> tokens() {
        List<String> tokens = new ArrayList<>();
        scan("secrets/", entry -> {
            secrets++;
            if (entry.value().startsWith(ENCRYPTED)) {
                encrypted++;
            }
            if (tokens.size() < TOKENS_MAX) {
                token(entry).ifPresent(tokens::add);
            }
        });
        return tokens;
    }

    private Optional<String> token(Entry entry) {
        try {
            Document secret = decoding.document(entry);
            return secret.text("type")
                    .filter("kubernetes.io/service-account-token"::equals)
                    .flatMap(_ -> secret.text("data", "token"))
                    .map(base64 -> new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII));
        } catch (Failure.Corrupt | Failure.Locked | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static ClusterFacts.Identity identity(Document lease) {
        return new ClusterFacts.Identity(
                lease.text("metadata", "name").orElse(""),
                lease.text("metadata", "labels", "kubernetes.io/hostname").orElse(""),
                lease.text("spec", "holderIdentity").orElse(""));
    }

    /// Source: K8S coordination/v1beta1 LeaseCandidateSpec.
    private static ClusterFacts.Candidate candidate(Document candidate) {
        return new ClusterFacts.Candidate(
                candidate.text("spec", "leaseName").orElse(""),
                candidate.text("metadata", "name").orElse(""),
                candidate.text("spec", "binaryVersion").orElse(""));
    }
}
