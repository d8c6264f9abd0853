package io.etcdmedic.node.certs;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.Access;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import io.etcdmedic.node.MachineAccess;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Who can read which file, and who should: each file's needs against each user's effective access.
final class AccessCheck {
    private static final String RULE = "certs/access";
    private final NodeFacts facts;
    private final Machine machine;
    private final ServiceUsers users;
    private final List<Finding> findings = new ArrayList<>();

    private AccessCheck(NodeFacts facts, List<FileNeed> needs) {
        this.facts = facts;
        this.machine = facts.machine();
        this.users = ServiceUsers.of(facts, needs);
    }

    static List<Finding> of(NodeFacts facts, List<FileNeed> needs) {
        AccessCheck check = new AccessCheck(facts, needs);
        check.missingUsers();
        needs.forEach(check::file);
        return check.findings;
    }

    /// A user that is not there yet is judged as a stranger: NixOS will make it with an id of its own.
    private void missingUsers() {
        for (String name : users.missing()) {
            findings.add(Finding.unknown(RULE, "user " + name)
                    .evidence("/etc/passwd of " + machine.name() + " has no user " + name)
                    .consequence("Access is judged as that of a stranger, which the user will be when NixOS makes it.")
                    .cure("medic node certs fix --snippet, which NixOS carries out for the users that it makes"));
        }
    }

    private void file(FileNeed need) {
        if (need.isAuthority() && !need.readers().isEmpty()) {
            authorityWanted(need);
            return;
        }
        for (Reader reader : need.distinctReaders()) {
            Access.readDenied(machine, need.path(), users.account(reader))
                    .ifPresent(why -> findings.add(denied(need, reader, why)));
        }
        Optional<FileMeta> meta = machine.stat(need.path());
        if (need.secret() && meta.isPresent()) {
            tooOpen(need, meta.get());
        }
        if (meta.isPresent()
                && machine.acl(meta.get().path()).isEmpty()
                && (meta.get().mode() & 070) != 0) {
            findings.add(Finding.unknown(RULE, need.path())
                    .evidence("its access list cannot be read: getfacl (package acl) is not there, or failed")
                    .consequence("Its group bits may be the mask of an access list, so access may differ from"
                            + " what the mode says."));
        }
    }

    private void authorityWanted(FileNeed need) {
        findings.add(Finding.error(RULE, need.path())
                .evidence("%s wants it, and runs as %s".formatted(need.because(), String.join(", ", need.users())))
                .consequence("To give a service user the key of the CA is to give it the cluster: with this key anybody"
                        + " can be anybody, also in etcd.")
                .cure("leave the flag out; certificate requests are then signed by hand, where the key is kept"));
    }

    private Finding denied(FileNeed need, Reader reader, String why) {
        String service = reader.component().program();
        return Finding.error(RULE, need.path())
                .evidence("%s (the user of %s) cannot read it: %s".formatted(reader.user(), service, why))
                .consequence(
                        "%s would end at start with \"open %s: permission denied\".".formatted(service, need.path()))
                .cure(
                        users.isMissing(reader.user()) || !MachineAccess.mayChange(need.path())
                                ? "medic node certs fix --snippet (NixOS gives the files to its users), or after the"
                                        + " first switch: medic node certs fix"
                                : fix())
                .cause("RKE1 wrote every file as root with mode 0600; its containers ran as root");
    }

    private void tooOpen(FileNeed need, FileMeta meta) {
        if ((meta.mode() & 0007) != 0 && passable(need.path())) {
            findings.add(Finding.error(RULE, need.path())
                    .evidence("every user can read it (%s)".formatted(meta.words()))
                    .consequence("Whoever has any account on the node, or breaks out of a container, has this key.")
                    .cure(fix()));
            return;
        }
        Set<String> strangers = new TreeSet<>();
        for (String user : users.present()) {
            if (!need.isReadBy(user)
                    && Access.readDenied(machine, need.path(), users.account(user))
                            .isEmpty()) {
                strangers.add(user);
            }
        }
        strangers.forEach(user -> findings.add(stranger(need, meta, user)));
    }

    private Finding stranger(FileNeed need, FileMeta meta, String user) {
        Finding finding = need.isAuthority() ? Finding.error(RULE, need.path()) : Finding.warning(RULE, need.path());
        return finding.evidence("%s can read it (%s %s) and has no need to"
                        .formatted(user, meta.words(), facts.accounts().owner(meta)))
                .consequence(
                        need.isAuthority()
                                ? "A hole in any service of " + user
                                        + " is a hole in the whole cluster: with this key anybody can be anybody, also in etcd."
                                : "A hole in a service of " + user + " gives away the identity that this key proves.")
                .cure(fix())
                .cause(
                        users.account(user).uid() == meta.uid()
                                ? "`chown kubernetes:kubernetes /etc/kubernetes/ssl/*.pem` does this: it hands over every key"
                                : Access.hasList(machine, meta)
                                        ? "its access list: getfacl " + meta.path()
                                        : "its group's bits");
    }

    private boolean passable(String path) {
        return Access.readDenied(machine, path, ServiceUsers.ANYBODY).isEmpty();
    }

    private static String fix() {
        return "medic node certs fix";
    }
}
