package io.etcdmedic.node.certs;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.Access;
import io.etcdmedic.host.Account;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.PathWalk;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who can read which file, and who should: the matrix of DOMAIN D.2, by effective access.
final class AccessCheck {
    static final List<String> SERVICE_USERS = List.of("kubernetes", "etcd");
    private static final String RULE = "certs/access";

    /// Files beside the certificates that the apiserver reads when its flags name them.
    private static final List<String> APISERVER_FLAGS = List.of(
            "encryption-provider-config",
            "admission-control-config-file",
            "audit-policy-file",
            "authentication-token-webhook-config-file");

    private final NodeFacts facts;
    private final Machine machine;
    private final Map<String, Account> users = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();

    private AccessCheck(NodeFacts facts) {
        this.facts = facts;
        this.machine = facts.machine();
    }

    static List<Finding> of(NodeFacts facts, List<CertPair> pairs) {
        AccessCheck check = new AccessCheck(facts);
        check.users();
        pairs.forEach(check::pair);
        APISERVER_FLAGS.forEach(flag -> facts.flags(io.etcdmedic.installation.Component.APISERVER)
                .get(flag)
                .filter(machineKnows -> facts.machine().exists(machineKnows))
                .ifPresent(path -> check.file(path, Set.of("kubernetes"), true)));
        return check.findings;
    }

    /// A user that is not there yet is judged as a stranger: NixOS will make it with an id of its own.
    private void users() {
        for (String name : SERVICE_USERS) {
            Optional<Account> account = facts.accounts().named(name);
            users.put(name, account.orElse(new Account(name, -2, Set.of())));
            if (account.isEmpty()) {
                findings.add(Finding.unknown(RULE, "user " + name)
                        .evidence("/etc/passwd of " + machine.name() + " has no user " + name)
                        .consequence(
                                "Access is judged as that of a stranger, which the user will be when NixOS makes it.")
                        .cure("judge again after the first NixOS switch"));
            }
        }
    }

    private void pair(CertPair pair) {
        if (pair.cert().exists()) {
            file(pair.cert().path(), pair.role().certReaders(), false);
        }
        if (pair.key().exists()) {
            file(pair.key().path(), pair.role().keyReaders(), true);
        }
    }

    private void file(String path, Set<String> readers, boolean secret) {
        for (String reader : readers) {
            Account account = users.getOrDefault(reader, new Account(reader, -2, Set.of()));
            Access.readDenied(machine, path, account).ifPresent(why -> findings.add(denied(path, reader, why, secret)));
        }
        Optional<FileMeta> meta = machine.stat(path);
        if (secret && meta.isPresent()) {
            tooOpen(path, meta.get(), readers);
        }
        if (meta.isPresent()
                && machine.acl(meta.get().path()).isEmpty()
                && (meta.get().mode() & 070) != 0) {
            findings.add(
                    Finding.unknown(RULE, path)
                            .evidence("its access list cannot be read: getfacl (package acl) is not there, or failed")
                            .consequence(
                                    "Its group bits may be the mask of an access list, so access may differ from what the mode says."));
        }
    }

    private Finding denied(String path, String reader, String why, boolean secret) {
        Finding finding =
                facts.accounts().named(reader).isPresent() ? Finding.error(RULE, path) : Finding.warning(RULE, path);
        return finding.evidence("%s (the user of %s) cannot read it: %s".formatted(reader, services(path, reader), why))
                .consequence("%s would end at start with \"open %s: permission denied\"."
                        .formatted(services(path, reader), path))
                .cure(opening(path, reader, secret))
                .cause("RKE1 wrote every file as root with mode 0600; its containers ran as root");
    }

    /// The smallest change that opens the way: the folders, and for a key its one service, for a certificate all.
    private String opening(String path, String reader, boolean secret) {
        List<String> commands = new ArrayList<>();
        Account account = users.getOrDefault(reader, new Account(reader, -2, Set.of()));
        PathWalk walk = PathWalk.of(machine, path);
        for (FileMeta folder : walk.passed()) {
            if (folder.isFolder() && (Access.bits(machine, folder, account) & Access.EXECUTE) == 0) {
                commands.add("chmod o+x " + folder.path());
            }
        }
        if (walk.end().isPresent() && (Access.bits(machine, walk.end().get(), account) & Access.READ) == 0) {
            String file = walk.end().get().path();
            if (secret) {
                commands.add("chown " + reader + " " + file);
                commands.add("chmod 0400 " + file);
            } else {
                commands.add("chmod 0644 " + file);
            }
        }
        return String.join(" && ", commands);
    }

    private void tooOpen(String path, FileMeta meta, Set<String> readers) {
        if ((meta.mode() & 0007) != 0 && passable(path)) {
            findings.add(Finding.error(RULE, path)
                    .evidence("every user can read it (%s)".formatted(meta.words()))
                    .consequence("Whoever has any account on the node, or breaks out of a container, has this key.")
                    .cure("chmod 0400 " + path));
            return;
        }
        Set<String> strangers = new TreeSet<>();
        for (String user : SERVICE_USERS) {
            Optional<Account> account = facts.accounts().named(user);
            if (account.isPresent()
                    && !readers.contains(user)
                    && Access.readDenied(machine, path, account.get()).isEmpty()) {
                strangers.add(user);
            }
        }
        strangers.forEach(user -> findings.add(stranger(path, meta, user)));
    }

    private Finding stranger(String path, FileMeta meta, String user) {
        boolean ca = path.endsWith("/kube-ca-key.pem") || path.endsWith("requestheader-ca-key.pem");
        Finding finding = ca ? Finding.error(RULE, path) : Finding.warning(RULE, path);
        return finding.evidence("%s can read it (%s) and has no need to"
                        .formatted(user, meta.words() + " " + facts.accounts().owner(meta)))
                .consequence(
                        ca
                                ? "A hole in any service of " + user
                                        + " is a hole in the whole cluster: with this key anybody can be anybody, also in etcd."
                                : "A hole in a service of " + user + " gives away the identity that this key proves.")
                .cure("chown root:root %s && chmod 0600 %s".formatted(path, path))
                .cause("`chown kubernetes:kubernetes /etc/kubernetes/ssl/*.pem` does this: it hands over every key");
    }

    private boolean passable(String path) {
        return Access.readDenied(machine, path, new Account("anybody", -3, Set.of()))
                .isEmpty();
    }

    private static String services(String path, String reader) {
        if (reader.equals("etcd")) {
            return "etcd";
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.startsWith("kube-controller-manager")
                ? "kube-controller-manager"
                : name.startsWith("kube-scheduler") ? "kube-scheduler" : "kube-apiserver";
    }
}
