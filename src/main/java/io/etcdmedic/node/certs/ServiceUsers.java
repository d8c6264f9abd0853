package io.etcdmedic.node.certs;

import io.etcdmedic.host.Account;
import io.etcdmedic.host.Accounts;
import io.etcdmedic.host.RunsAs;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The users that Kubernetes' services run as, other than root, with every right that one of their services has.
///
/// @param byName each user as each of its services; empty where the machine has no such user
record ServiceUsers(Accounts accounts, Map<String, Set<RunsAs>> byName) {
    /// Somebody without any right of their own.
    static final Account ANYBODY = new Account("anybody", -3, Set.of());

    static ServiceUsers of(NodeFacts facts, List<FileNeed> needs) {
        Map<String, Set<RunsAs>> byName = new TreeMap<>();
        // Source: nixpkgs nixos/modules/services/cluster/kubernetes. They are there also where no unit is yet.
        List.of("kubernetes", "etcd").forEach(name -> add(byName, RunsAs.user(name)));
        needs.forEach(need -> need.readers().forEach(reader -> add(byName, reader.as())));
        for (Component component : Component.values()) {
            Reader.of(facts, component).ifPresent(reader -> add(byName, reader.as()));
        }
        return new ServiceUsers(facts.accounts(), byName);
    }

    private static void add(Map<String, Set<RunsAs>> byName, RunsAs as) {
        byName.computeIfAbsent(as.user(), _ -> new HashSet<>()).add(as);
    }

    /// The user of a service, or a stranger of that name where the machine has none.
    Account account(Reader reader) {
        return accounts.of(reader.as()).orElse(new Account(reader.user(), -2, Set.of()));
    }

    /// The user with all that any of its services may.
    Account account(String name) {
        Set<Integer> gids = new TreeSet<>();
        Optional<Account> account = Optional.empty();
        for (RunsAs as : byName.getOrDefault(name, Set.of())) {
            account = accounts.of(as);
            account.ifPresent(found -> gids.addAll(found.gids()));
        }
        return account.map(found -> new Account(found.name(), found.uid(), gids))
                .orElse(new Account(name, -2, Set.of()));
    }

    boolean isMissing(String name) {
        return accounts.of(RunsAs.user(name)).isEmpty();
    }

    List<String> missing() {
        return byName.keySet().stream().filter(this::isMissing).toList();
    }

    List<String> present() {
        return byName.keySet().stream().filter(name -> !isMissing(name)).toList();
    }
}
