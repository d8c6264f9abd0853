package io.etcdmedic.etcd;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Finds out why a connection does not come about, because gRPC says little more than "io exception".
final class Diagnosis {
    /// Source: RFC 5280 4.2.1.12, id-kp-clientAuth and anyExtendedKeyUsage.
    private static final List<String> FOR_CLIENTS = List.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0");

    private final Connection connection;
    private final Optional<ClientTls> tls;

    /// @param tls empty for plaintext
    Diagnosis(Connection connection, Optional<ClientTls> tls) {
        this.connection = connection;
        this.tls = tls;
    }

    /// @param kind which failure it is
    private record Verdict(Function<Problem, Failure> kind, String found, String hint) {}

    /// What a look at each endpoint showed.
    ///
    /// @param trouble empty when all seems well by now
    /// @param anybodyThere whether at least one of them seems well
    record Look(Optional<Failure> trouble, boolean anybodyThere) {}

    /// Looks at each endpoint; empty when all seems well by now.
    Optional<Failure> explain(String operation) {
        return look(operation).trouble();
    }

    /// One that does not answer is only blamed when no other does: it is the cluster that has to answer.
    Look look(String operation) {
        Map<Endpoint, Verdict> troubles = new LinkedHashMap<>();
        for (Endpoint endpoint : connection.endpoints()) {
            look(endpoint).ifPresent(verdict -> troubles.put(endpoint, verdict));
        }
        boolean anybodyThere = troubles.size() < connection.endpoints().size();
        return new Look(
                troubles.isEmpty() ? Optional.empty() : Optional.of(failure(operation, troubles, anybodyThere)),
                anybodyThere);
    }

    private Failure failure(String operation, Map<Endpoint, Verdict> troubles, boolean anybodyThere) {
        Map.Entry<Endpoint, Verdict> first = troubles.entrySet().iterator().next();
        String where = first.getKey().toString();
        Verdict verdict = first.getValue();
        Problem problem = Problem.in(operation);
        if (anybodyThere) {
            return new Failure.Unreachable(problem.found("no answer; " + troubles.size() + " of "
                            + connection.endpoints().size() + " endpoints do not work (" + where + ": "
                            + verdict.found() + ")")
                    .hint("medic status asks each member; more than half of them must be up"));
        }
        return verdict.kind()
                .apply(problem.found(operation.contains(where) ? verdict.found() : where + ": " + verdict.found())
                        .hint(verdict.hint()));
    }

    private Optional<Verdict> look(Endpoint endpoint) {
        Probe probe = new Probe(endpoint, connection.dialMax());
        try (Socket reached = probe.connect()) {
            return tls.isPresent() ? overTls(endpoint, probe, tls.get()) : overPlaintext(endpoint, probe);
        } catch (IOException unreachable) {
            return Optional.of(unreachable(endpoint, unreachable));
        }
    }

    private Verdict unreachable(Endpoint endpoint, IOException why) {
        return switch (why) {
            case UnknownHostException _ ->
                new Verdict(
                        Failure.Unreachable::new,
                        "the name " + endpoint.host() + " cannot be resolved",
                        "use an address, or look at /etc/hosts and DNS");
            case SocketTimeoutException _ ->
                new Verdict(
                        Failure.Unreachable::new,
                        "timed out: no connection within "
                                + connection.dialMax().toMillis() + " ms",
                        "a firewall drops it or the machine is down; --dial-timeout waits longer");
            case ConnectException refused
            when String.valueOf(refused.getMessage()).contains("refused") ->
                new Verdict(
                        Failure.Unreachable::new,
                        "connection refused: nothing listens on port " + endpoint.port(),
                        "is etcd running there? crictl ps | grep etcd, systemctl status etcd, docker ps");
            default ->
                new Verdict(
                        Failure.Unreachable::new,
                        "cannot be reached: " + why.getMessage(),
                        "look at the network between here and " + endpoint.host());
        };
    }

    private Optional<Verdict> overPlaintext(Endpoint endpoint, Probe probe) throws IOException {
        Probe.Seen seen = probe.tls(Optional.empty(), endpoint.host());
        return seen.certificate()
                .map(certificate -> new Verdict(
                        Failure.Unreachable::new,
                        "we speak plaintext, and TLS is spoken there (as " + certificate.subject() + ")",
                        "https://" + endpoint.authority() + " with --cacert, --cert and --key"));
    }

    private Optional<Verdict> overTls(Endpoint endpoint, Probe probe, ClientTls own) throws IOException {
        String name = connection.serverName().orElse(endpoint.host());
        Probe.Seen seen = probe.tls(own.identity(), name);
        boolean silent =
                seen.trouble().filter(SocketTimeoutException.class::isInstance).isPresent();
        if (seen.certificate().isEmpty() && !silent && probe.speaksPlaintext()) {
            return Optional.of(new Verdict(
                    Failure.Unreachable::new,
                    "we speak TLS, and plaintext is spoken there",
                    endpoint.isLoopback()
                            ? "http://" + endpoint.authority() + ", without --cacert, --cert and --key"
                            : "medic speaks plaintext only on the machine itself: run it there"));
        }
        return seen.certificate()
                .flatMap(certificate -> serverSide(certificate, name, own))
                .or(() -> seen.trouble().map(trouble -> clientSide(trouble, seen, own)));
    }

    private Optional<Verdict> serverSide(ServerCertificate certificate, String name, ClientTls own) {
        Optional<String> outOfDate = ServerCertificate.outOfDate(certificate.chain(), Instant.now());
        if (outOfDate.isPresent()) {
            return Optional.of(new Verdict(
                    Failure.Unreachable::new,
                    "the member's certificate is out of date: " + outOfDate.get(),
                    "renew it there (kubeadm certs renew, rke cert rotate), or set the clock right"));
        }
        if (!certificate.isSignedBy(own.trusted())) {
            return Optional.of(unknownAuthority(certificate, own));
        }
        if (!certificate.isFor(name)) {
            return Optional.of(new Verdict(
                    Failure.Unreachable::new,
                    "the member's certificate " + certificate.subject() + " is not for " + name + " but for "
                            + (certificate.names().isEmpty() ? "nothing" : String.join(", ", certificate.names())),
                    "use one of these as the endpoint, or name it with --server-name"));
        }
        return Optional.empty();
    }

    private Verdict unknownAuthority(ServerCertificate certificate, ClientTls own) {
        String file = connection.tls().ca().map(Path::toString).orElse("the Java runtime");
        String ours = own.trusted().stream()
                .limit(3)
                .map(c -> c.getSubjectX500Principal().getName())
                .reduce((a, b) -> a + "; " + b)
                .map(names -> " (" + names + ")")
                .orElse("");
        Optional<String> stale = ServerCertificate.outOfDate(own.trusted(), Instant.now());
        return new Verdict(
                Failure.Unreachable::new,
                "the member's certificate %s was signed by %s, which is not the CA in %s%s%s"
                        .formatted(
                                certificate.subject(),
                                certificate
                                        .chain()
                                        .getLast()
                                        .getIssuerX500Principal()
                                        .getName(),
                                file,
                                ours,
                                stale.map(s -> "; " + s).orElse("")),
                "name etcd's own CA: --cacert /etc/kubernetes/pki/etcd/ca.crt (kubeadm),"
                        + " /etc/kubernetes/ssl/kube-ca.pem (RKE1)");
    }

    /// The member's certificate is fine, and the handshake failed: what it thinks of ours.
    private Verdict clientSide(IOException trouble, Probe.Seen seen, ClientTls own) {
        String said = String.valueOf(trouble.getMessage());
        if (trouble instanceof SocketTimeoutException) {
            return new Verdict(
                    Failure.Unreachable::new,
                    "timed out: it takes connections and answers nothing",
                    "is etcd stopped, or its disk stuck? --command-timeout waits longer");
        }
        if (seen.certificate().isEmpty()) {
            return new Verdict(Failure.Unreachable::new, "the TLS handshake failed: " + said, "");
        }
        if (own.identity().isEmpty()) {
            return new Verdict(
                    Failure.Locked::new,
                    "the member wants a client certificate, and none was named (" + alert(said) + ")",
                    "--cert FILE --key FILE");
        }
        ClientTls.Identity identity = own.identity().get();
        X509Certificate certificate = identity.chain().getFirst();
        String name = certificate.getSubjectX500Principal().getName();
        if (!identity.belongsTogether()) {
            return new Verdict(
                    Failure.Usage::new,
                    "the key does not belong to the client certificate " + name,
                    "--key must name the key that --cert was issued for");
        }
        Optional<String> outOfDate = ServerCertificate.outOfDate(identity.chain(), Instant.now());
        String reason = outOfDate
                .or(() -> notForClients(certificate))
                .orElse("it was issued by "
                        + certificate.getIssuerX500Principal().getName() + ", which the member does not trust");
        return new Verdict(
                Failure.Locked::new,
                "the member rejects our client certificate " + name + " (" + alert(said) + "): " + reason,
                outOfDate.isPresent()
                        ? "renew it (kubeadm certs renew apiserver-etcd-client, rke cert rotate), or set the clock right,"
                                + " here or there"
                        : "it must come from the CA in etcd's --trusted-ca-file, for clientAuth");
    }

    private static Optional<String> notForClients(X509Certificate certificate) {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            return uses == null || uses.stream().anyMatch(FOR_CLIENTS::contains)
                    ? Optional.empty()
                    : Optional.of("it is not for clients (no clientAuth among its uses)");
        } catch (CertificateParsingException damaged) {
            return Optional.of("its uses cannot be read");
        }
    }

    /// "Received fatal alert: certificate_required" without the beginning.
    private static String alert(String said) {
        String lower = said.toLowerCase(Locale.ROOT);
        int alert = lower.lastIndexOf("alert:");
        return alert < 0 ? said : said.substring(alert + "alert:".length()).strip();
    }
}
