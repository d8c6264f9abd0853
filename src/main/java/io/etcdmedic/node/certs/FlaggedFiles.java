package io.etcdmedic.node.certs;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.Machine;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.facts.NodeFacts;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The files that the flags of the units name: there, and certificate and key of one pair.
public final class FlaggedFiles {
    private static final Pattern READ_AT_START =
            Pattern.compile(".*(cert-file|certfile|key-file|keyfile|ca-file|cafile|-certificate|-client-key"
                    + "|kubeconfig|provider-config|config-file|policy-file|token-auth-file"
                    + "|authentication-config|authorization-config)|config");

    /// Whether a service reads at start what this flag names.
    public static boolean areReadBy(String flag) {
        return READ_AT_START.matcher(flag).matches();
    }

    /// Flags that name a certificate and its key. Source: the flags of kube-apiserver, kubelet and etcd.
    private static final List<Pair> PAIRS = List.of(
            new Pair(Component.APISERVER, "tls-cert-file", "tls-private-key-file", true),
            new Pair(Component.APISERVER, "etcd-certfile", "etcd-keyfile", false),
            new Pair(Component.APISERVER, "kubelet-client-certificate", "kubelet-client-key", false),
            new Pair(Component.APISERVER, "proxy-client-cert-file", "proxy-client-key-file", false),
            new Pair(Component.ETCD, "cert-file", "key-file", true),
            new Pair(Component.ETCD, "peer-cert-file", "peer-key-file", true));

    private record Pair(Component component, String cert, String key, boolean serves) {}

    private final NodeFacts facts;
    private final Machine machine;
    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();

    private FlaggedFiles(NodeFacts facts, Instant now) {
        this.facts = facts;
        this.machine = facts.machine();
        this.now = now;
    }

    static List<Finding> of(NodeFacts facts, Instant now) {
        FlaggedFiles check = new FlaggedFiles(facts, now);
        for (Component component : Component.values()) {
            facts.unit(component).ifPresent(check::missing);
        }
        PAIRS.forEach(check::pair);
        return check.findings;
    }

    private void missing(Part unit) {
        unit.flags().values().forEach((flag, values) -> {
            for (String value : values) {
                if (value.startsWith("/")
                        && !value.startsWith("/nix/store/")
                        && areReadBy(flag)
                        && !machine.exists(value)
                        && !machine.isHidden(value)) {
                    findings.add(Finding.error("certs/missing", value)
                            .evidence("%s --%s names it (%s), and it is not there"
                                    .formatted(unit.component().program(), flag, unit.where()))
                            .consequence("%s ends at start."
                                    .formatted(unit.component().program()))
                            .cure("name the file that is there, or take it from the copy in etcd:"
                                    + " medic node certs extract --from SNAPSHOT --out DIR"));
                }
            }
        });
    }

    private void pair(Pair pair) {
        Optional<Part> unit = facts.unit(pair.component());
        Optional<String> certPath = unit.flatMap(u -> u.flags().get(pair.cert()));
        Optional<String> keyPath = unit.flatMap(u -> u.flags().get(pair.key()));
        if (certPath.isEmpty() || keyPath.isEmpty() || isRkePair(certPath.get(), keyPath.get())) {
            return;
        }
        PemFile cert = PemFile.read(machine, certPath.get());
        Optional<KeyFact> key = PemFile.read(machine, keyPath.get()).key();
        if (cert.leaf().isEmpty() || key.isEmpty()) {
            return;
        }
        X509Certificate leaf = cert.leaf().get();
        String print = key.get().publicPrint();
        String who = pair.component().program();
        if (!print.isEmpty() && !print.equals(KeyFact.print(leaf.getPublicKey()))) {
            findings.add(Finding.error("certs/key", keyPath.get())
                    .evidence("%s takes it by --%s as the key of %s, which it is not"
                            .formatted(who, pair.key(), certPath.get()))
                    .consequence("%s ends at start: \"tls: private key does not match public key\".".formatted(who))
                    .cure("name the two files of one pair: NAME.pem and NAME-key.pem"));
        }
        if (pair.serves() && !CertificateCheck.canServe(leaf)) {
            findings.add(Finding.error("certs/usage", certPath.get())
                    .evidence("%s serves with it, and its extended key usage is for clients only".formatted(who))
                    .consequence("Clients refuse it: \"x509: certificate specifies an incompatible key usage\".")
                    .cure("name a serving certificate by --" + pair.cert()));
        }
        if (leaf.getNotAfter().toInstant().isBefore(now)) {
            findings.add(Finding.error("certs/expiry", certPath.get())
                    .evidence("it ended at " + leaf.getNotAfter().toInstant())
                    .consequence("Every peer refuses it: \"x509: certificate has expired or is not yet valid\".")
                    .cure("issue it again with the cluster's CA key"));
        }
    }

    /// A pair of RKE1's own is judged by its role.
    private static boolean isRkePair(String cert, String key) {
        String stem = cert.replaceFirst("\\.pem$", "");
        return key.equals(stem + "-key.pem")
                && cert.startsWith(NodeFacts.SSL + "/")
                && CertRole.ofStem(stem.substring(NodeFacts.SSL.length() + 1)).isPresent();
    }
}
