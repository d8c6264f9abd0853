package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.ETCD;
import static io.etcdmedic.installation.Component.KUBELET;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.certs.KeyFact;
import io.etcdmedic.node.certs.PemFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The certificates and keys that the module pairs: key and certificate of one pair, good for their use, and signed
/// by whom the other side trusts.
///
/// Source: the flags of kube-apiserver, kubelet and etcd.
final class PairCheck {
    /// @param peer who judges the certificate, by the authorities of `trust`; an etcd that is not in the module
    ///     is not this node's, and whom it trusts is not known
    private record Pair(
            Component component,
            String cert,
            String key,
            boolean serves,
            boolean isClient,
            Component peer,
            String trust) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair(APISERVER, "tls-cert-file", "tls-private-key-file", true, false, APISERVER, ""),
            new Pair(APISERVER, "etcd-certfile", "etcd-keyfile", false, true, ETCD, "trusted-ca-file"),
            new Pair(
                    APISERVER,
                    "kubelet-client-certificate",
                    "kubelet-client-key",
                    false,
                    true,
                    KUBELET,
                    "client-ca-file"),
            new Pair(
                    APISERVER,
                    "proxy-client-cert-file",
                    "proxy-client-key-file",
                    false,
                    true,
                    APISERVER,
                    "requestheader-client-ca-file"),
            new Pair(ETCD, "cert-file", "key-file", true, true, ETCD, "trusted-ca-file"),
            new Pair(ETCD, "peer-cert-file", "peer-key-file", true, true, ETCD, "peer-trusted-ca-file"));

    private final Judged judged;
    private final List<Finding> findings = new ArrayList<>();

    private PairCheck(Judged judged) {
        this.judged = judged;
    }

    static List<Finding> of(Judged judged) {
        PairCheck check = new PairCheck(judged);
        PAIRS.forEach(check::pair);
        return check.findings;
    }

    private void pair(Pair pair) {
        Optional<PemFile> cert = file(pair.component(), pair.cert());
        Optional<PemFile> key = file(pair.component(), pair.key());
        if (cert.isEmpty() || cert.get().leaf().isEmpty()) {
            return;
        }
        key.flatMap(PemFile::key)
                .filter(fact -> !fact.publicPrint().isEmpty())
                .filter(fact -> !fact.publicPrint()
                        .equals(KeyFact.print(cert.get().leaf().get().getPublicKey())))
                .ifPresent(_ -> otherKey(pair, cert.get().path()));
        use(pair, cert.get());
        file(pair.peer(), pair.trust())
                .filter(authority -> authority.leaf().isPresent())
                .filter(authority -> !cert.get().isBelievedBy(authority))
                .ifPresent(authority -> unknownAuthority(pair, cert.get(), authority));
    }

    private Optional<PemFile> file(Component component, String flag) {
        return judged.planned()
                .flag(component, flag)
                .filter(path -> path.startsWith("/"))
                .map(path -> PemFile.read(judged.facts().machine(), path));
    }

    private void otherKey(Pair pair, String certificate) {
        findings.add(judged.error("nix/pair", pair.component(), pair.key())
                .evidence("it is not the key of %s, which --%s names".formatted(certificate, pair.cert()))
                .consequence(
                        pair.component().program() + " ends at start: \"tls: private key does not match public key\".")
                .cure("name the two files of one pair: NAME.pem and NAME-key.pem"));
    }

    private void use(Pair pair, PemFile cert) {
        boolean cannotServe = pair.serves() && !cert.mayServe();
        if (cannotServe || pair.isClient() && !cert.mayBeShownByAClient()) {
            findings.add(judged.error("nix/pair", pair.component(), pair.cert())
                    .evidence("the extended key usage of %s does not let it %s"
                            .formatted(cert.path(), cannotServe ? "serve" : "be shown by a client"))
                    .consequence(
                            "The other side refuses it: \"x509: certificate specifies an incompatible key usage\".")
                    .cure(
                            cannotServe
                                    ? "name a serving certificate: kube-apiserver.pem, kube-etcd-ADDRESS.pem"
                                    : "name a client certificate: kube-apiserver.pem, kube-node.pem"));
        }
    }

    private void unknownAuthority(Pair pair, PemFile cert, PemFile authority) {
        findings.add(judged.error("nix/pair", pair.component(), pair.cert())
                .evidence("%s is not signed by %s, which %s trusts (--%s)"
                        .formatted(cert.path(), authority.path(), pair.peer().program(), pair.trust()))
                .consequence("The other side refuses it: \"x509: certificate signed by unknown authority\".")
                .cure("name a certificate that this authority signed, or trust the one that signed it"));
    }
}
