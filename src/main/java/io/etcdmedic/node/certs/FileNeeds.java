package io.etcdmedic.node.certs;

import io.etcdmedic.host.Machine;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which files the services of the node read: by the role that RKE1 gave each certificate, and by the flags of the
/// units that are there (also through the kubeconfigs that they name).
final class FileNeeds {
    /// Files beside the certificates that the apiserver reads when its flags name them.
    private static final Set<String> SECRET_FLAGS = Set.of(
            "encryption-provider-config",
            "admission-control-config-file",
            "audit-policy-file",
            "authentication-token-webhook-config-file",
            "token-auth-file");

    private static final String LAYOUT = "RKE1's layout";
    private static final Pattern KUBECONFIG_FILE = Pattern.compile(
            "\"?(client-certificate|client-key|certificate-authority|tokenFile)\"?\\s*:\\s*\"?(/[^\"\\s,}]+)");
    private final Machine machine;
    private final Map<String, FileNeed> needs = new TreeMap<>();

    private FileNeeds(NodeFacts facts) {
        this.machine = facts.machine();
    }

    static List<FileNeed> of(NodeFacts facts, List<CertPair> pairs) {
        FileNeeds all = new FileNeeds(facts);
        pairs.forEach(pair -> all.pair(pair, facts));
        for (Component component : Component.values()) {
            Set<Reader> readers = Reader.of(facts, Set.of(component));
            if (!readers.isEmpty()) {
                all.container(component, facts.hostFlags(component), readers);
            }
            facts.unit(component).ifPresent(all::unit);
        }
        return List.copyOf(all.needs.values());
    }

    private void pair(CertPair pair, NodeFacts facts) {
        boolean others = isOthers(pair, facts);
        Set<Reader> certReaders =
                others ? Set.of() : ofThisNode(facts, pair.role().certReaders());
        Set<Reader> keyReaders =
                others ? Set.of() : ofThisNode(facts, pair.role().keyReaders());
        add(pair.cert().path(), certReaders, pair.cert().key().isPresent(), LAYOUT);
        add(pair.key().path(), keyReaders, true, LAYOUT);
    }

    /// The services that this node runs, or ran by RKE1: a worker has no apiserver that would read the node's key.
    private static Set<Reader> ofThisNode(NodeFacts facts, Set<Component> services) {
        return Reader.of(facts, services.stream().filter(facts::mayRun).toList());
    }

    /// RKE1 copies the etcd certificates of every member to each of them; the others' are for nobody here.
    private static boolean isOthers(CertPair pair, NodeFacts facts) {
        return pair.role() == CertRole.ETCD
                && facts.address()
                        .map(address -> !pair.stem().endsWith("-" + address.replace('.', '-')))
                        .orElse(false);
    }

    /// What RKE1 gave, and the module will give again: not the kubeconfigs, which it writes itself, nor the key of
    /// the CA.
    private void container(Component component, Flags flags, Set<Reader> readers) {
        flags.values().forEach((flag, values) -> {
            if (!flag.endsWith("kubeconfig")
                    && !flag.startsWith("cluster-signing-")
                    && !flag.equals("audit-log-path")) {
                files(values)
                        .forEach(path -> add(path, readers, isSecret(flag, path), component.program() + " --" + flag));
            }
        });
    }

    private void unit(Part unit) {
        Set<Reader> readers = unit.as().isRoot() ? Set.of() : Set.of(Reader.of(unit));
        unit.flags().values().forEach((flag, values) -> {
            for (String path : files(values)) {
                String because = unit.component().program() + " --" + flag;
                add(path, readers, isSecret(flag, path), because);
                if (flag.endsWith("kubeconfig")) {
                    kubeconfig(path, readers, because);
                }
            }
        });
    }

    private void kubeconfig(String path, Set<Reader> readers, String because) {
        Matcher named = KUBECONFIG_FILE.matcher(machine.read(path).textOrEmpty());
        while (named.find()) {
            boolean secret =
                    named.group(1).equals("client-key") || named.group(1).equals("tokenFile");
            add(named.group(2), readers, secret, because + " (" + path + ")");
        }
    }

    /// Whole paths of regular files that are there; what lies in the Nix store is readable by everybody by design.
    private Collection<String> files(List<String> values) {
        Set<String> paths = new TreeSet<>();
        for (String value : values) {
            for (String item : value.split(",")) {
                String path = item.replaceFirst("(?<=.)[:].*$", "");
                if (path.startsWith("/")
                        && machine.stat(path).filter(m -> m.isFile()).isPresent()) {
                    paths.add(path);
                }
            }
        }
        return paths;
    }

    private boolean isSecret(String flag, String path) {
        return SECRET_FLAGS.contains(flag)
                || PemFile.read(machine, path).key().isPresent()
                || new ArrayList<>(List.of("token:", "client-key-data"))
                        .stream().anyMatch(machine.read(path).textOrEmpty()::contains);
    }

    private void add(String path, Set<Reader> readers, boolean secret, String because) {
        if (!machine.exists(path) || path.startsWith("/nix/store/")) {
            return;
        }
        needs.merge(path, new FileNeed(path, readers, secret, because), (known, more) -> {
            Set<Reader> both = new HashSet<>(known.readers());
            both.addAll(more.readers());
            boolean told = !known.users().containsAll(more.users());
            return new FileNeed(path, both, known.secret() || more.secret(), told ? more.because() : known.because());
        });
    }
}
