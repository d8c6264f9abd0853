package io.etcdmedic.host;

import java.util.Set;

/// A user of the machine with all the groups it is in.
public record Account(String name, int uid, Set<Integer> gids) {
    public Account {
        gids = Set.copyOf(gids);
    }

    public static final Account ROOT = new Account("root", 0, Set.of(0));
}
