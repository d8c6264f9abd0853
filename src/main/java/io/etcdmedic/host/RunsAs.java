package io.etcdmedic.host;

import java.util.List;
import java.util.Optional;

/// As whom a service runs.
///
/// @param user a name or a number; empty when not known
/// @param group in place of the user's own primary group: a name or a number
/// @param supplementary groups beside those in which /etc/group has the user: names or numbers
public record RunsAs(String user, Optional<String> group, List<String> supplementary) {
    public RunsAs {
        supplementary = List.copyOf(supplementary);
    }

    public static RunsAs user(String user) {
        return new RunsAs(user, Optional.empty(), List.of());
    }

    public boolean isRoot() {
        return user.equals("root") || user.equals("0");
    }

    /// `kubernetes:kube, also in adm, tls`.
    public String words() {
        return user
                + group.map(name -> ":" + name).orElse("")
                + (supplementary.isEmpty() ? "" : ", also in " + String.join(", ", supplementary));
    }
}
