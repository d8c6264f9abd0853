package io.etcdmedic.node.certs;

import io.etcdmedic.host.Account;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The users that Kubernetes' services run as, other than root, with those that the machine has.
record ServiceUsers(Map<String, Optional<Account>> byName) {
    /// Somebody without any right of their own.
    static final Account ANYBODY = new Account("anybody", -3, Set.of());

    /// Source: nixpkgs' modules, DOMAIN D.1.
    private static final List<String> ALWAYS = List.of("kubernetes", "etcd");

    static ServiceUsers of(NodeFacts facts, List<FileNeed> needs) {
        Set<String> names = new TreeSet<>(ALWAYS);
        needs.forEach(need -> names.addAll(need.readers()));
        Map<String, Optional<Account>> users = new TreeMap<>();
        names.forEach(name -> users.put(name, facts.accounts().named(name)));
        return new ServiceUsers(users);
    }

    /// The user, or a stranger of that name where the machine has none.
    Account account(String name) {
        return byName.getOrDefault(name, Optional.empty()).orElse(new Account(name, -2, Set.of()));
    }

    boolean isMissing(String name) {
        return byName.getOrDefault(name, Optional.empty()).isEmpty();
    }

    List<String> missing() {
        return byName.keySet().stream().filter(this::isMissing).toList();
    }

    List<String> present() {
        return byName.keySet().stream().filter(name -> !isMissing(name)).toList();
    }
}
