package io.etcdmedic.node.rke;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// RKE1's state of a cluster: `cluster.rkestate`, or its copy in the cluster.
///
/// Source: RKE cluster/state.go, pki/types.go; the copy is Secret kube-system/full-cluster-state, before RKE 1.4.19 a
/// ConfigMap of that name.
///
/// @param from where it was found
/// @param config the cluster.yml that was applied
/// @param encryptionConfig the EncryptionConfiguration in force; empty for none
public record ClusterState(
        String from, Document config, List<Certificate> certificates, Optional<String> encryptionConfig) {
    private static final String NAME = "full-cluster-state";
    private static final String OPERATION = "looking for RKE1's state of the cluster";

    public ClusterState {
        certificates = List.copyOf(certificates);
    }

    /// @param name as RKE1 calls it: `kube-apiserver`
    /// @param certificate in PEM; empty for none
    /// @param key in PEM; empty for none
    /// @param kubeconfig in YAML; empty for none
    public record Certificate(String name, String certificate, String key, String kubeconfig) {
        @Override
        public String toString() {
            return name;
        }
    }

    /// The copy in the cluster; empty when there is none.
    ///
    /// @throws Failure.Locked when it is encrypted and the key is not known
    /// @throws Failure.Corrupt when it is there and cannot be read
    public static Optional<ClusterState> in(ClusterStore store) {
        Optional<Document> secret = store.object("secrets/kube-system/" + NAME);
        if (secret.isPresent()) {
            return Optional.of(
                    parse("Secret kube-system/" + NAME, decoded(secret.get().mapping("data"))));
        }
        return store.object("configmaps/kube-system/" + NAME)
                .map(map -> parse("ConfigMap kube-system/" + NAME, text(map.mapping("data"))));
    }

    /// @throws Failure.Absent saying where it was looked for
    public static ClusterState required(ClusterStore store) {
        return in(store)
                .orElseThrow(
                        () -> new Failure.Absent(
                                Problem.in(OPERATION)
                                        .found("%s has neither Secret nor ConfigMap kube-system/%s"
                                                .formatted(store.keyspace().source(), NAME))
                                        .expected("a cluster that RKE1 set up, RKE 0.2 or later")
                                        .hint(
                                                "take cluster.rkestate from where `rke up` was run; or the files from another control-plane node")));
    }

    /// A `cluster.rkestate` file.
    ///
    /// @throws Failure.Unreachable when it cannot be read
    /// @throws Failure.Corrupt when it is not what RKE1 writes
    public static ClusterState file(Path file) {
        try {
            return parse(file.toString(), Bytes.owned(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("reading " + file).found(IoReason.of(e))).because(e);
        }
    }

    /// @throws Failure.Corrupt when it is not what RKE1 writes
    public static ClusterState parse(String from, Bytes json) {
        Document whole = Json.read(json);
        Document state = whole instanceof Document.Text quoted ? Json.read(quoted.text()) : whole;
        Document current = state.at("currentState")
                .filter(s -> !s.mapping("certificatesBundle").isEmpty())
                .or(() -> state.at("desiredState"))
                .orElseThrow(() -> new Failure.Corrupt(Problem.in("reading " + from)
                        .found("it has neither currentState nor desiredState")
                        .expected("what RKE1 keeps of a cluster")));
        List<Certificate> certificates = new ArrayList<>();
        current.mapping("certificatesBundle")
                .forEach((name, fields) -> certificates.add(new Certificate(
                        name,
                        fields.text("certificatePEM").orElse(""),
                        fields.text("keyPEM").orElse(""),
                        fields.text("config").orElse(""))));
        return new ClusterState(
                from,
                current.at("rkeConfig").orElse(Document.Mapping.EMPTY),
                certificates,
                current.text("encryptionConfig").filter(text -> !text.isBlank()));
    }

    private static Bytes text(Map<String, Document> data) {
        return data.values().stream()
                .filter(Document.Text.class::isInstance)
                .map(value -> Bytes.utf8(((Document.Text) value).text()))
                .findFirst()
                .orElseThrow(ClusterState::empty);
    }

    /// A Secret's data is base64.
    private static Bytes decoded(Map<String, Document> data) {
        try {
            return Bytes.owned(Base64.getDecoder().decode(text(data).toUtf8()));
        } catch (IllegalArgumentException notBase64) {
            throw new Failure.Corrupt(Problem.in(OPERATION).found("the Secret's data is no base64")).because(notBase64);
        }
    }

    private static Failure empty() {
        return new Failure.Corrupt(Problem.in(OPERATION).found(NAME + " is there and holds nothing"));
    }
}
