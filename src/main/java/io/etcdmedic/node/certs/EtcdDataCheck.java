package io.etcdmedic.node.certs;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.Access;
import io.etcdmedic.host.Account;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether the user that etcd is to run as can write the member in its data folder.
final class EtcdDataCheck {
    private static final String RULE = "certs/etcd-data";
    private static final String FIX = "medic node certs fix";

    private EtcdDataCheck() {}

    static List<Finding> of(NodeFacts facts) {
        return EtcdData.of(facts).map(EtcdDataCheck::of).orElse(List.of());
    }

    private static List<Finding> of(EtcdData data) {
        List<Finding> findings = new ArrayList<>();
        Account account = data.account().orElse(new Account(data.user().user(), -2, java.util.Set.of()));
        List<FileMeta> unsuited = data.unsuited(account);
        Optional<String> folder = Access.readDenied(data.facts().machine(), data.path() + "/member", account);
        if (!unsuited.isEmpty() || folder.isPresent()) {
            findings.add(denied(data, account, unsuited, folder));
        }
        if (data.isOpen()) {
            findings.add(Finding.warning(RULE, data.path())
                    .evidence("its mode is %04o"
                            .formatted(data.entries().getFirst().mode()))
                    .consequence(
                            "Other users may look into the store, and etcd warns at each start (3.4.10 ends there):"
                                    + " it wants 0700.")
                    .cure(FIX));
        }
        return findings;
    }

    private static Finding denied(EtcdData data, Account account, List<FileMeta> unsuited, Optional<String> folder) {
        String first = unsuited.isEmpty()
                ? folder.orElse("")
                : "%s is %s, and %d more of %d"
                        .formatted(
                                unsuited.getFirst().path(),
                                unsuited.getFirst().words(),
                                unsuited.size() - 1,
                                data.entries().size());
        String fix = data.account().isEmpty()
                ? FIX + " --snippet (NixOS gives the folder to the user that it makes)"
                : data.inUse()
                        .map(who -> "after " + who + " is stopped for good: " + FIX)
                        .orElse(FIX);
        return Finding.error(RULE, data.path())
                .evidence("%s (the user of etcd) cannot write the member in it: %s".formatted(account.name(), first))
                .consequence(
                        "etcd ends at start (\"error listing data dir\", \"permission denied\"), and this node's apiserver with"
                                + " it.")
                .cure(fix)
                .cause("RKE1's etcd ran as root; the NixOS module gives its user the folder and not what is in it");
    }
}
