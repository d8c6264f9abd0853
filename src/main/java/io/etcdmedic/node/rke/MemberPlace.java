package io.etcdmedic.node.rke;

import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.List;
import java.util.Optional;

/// A member of etcd, as the member list has it.
///
/// @param id in hexadecimal
public record MemberPlace(String id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {
    public MemberPlace {
        peerUrls = List.copyOf(peerUrls);
        clientUrls = List.copyOf(clientUrls);
    }

    /// Which of `members` the etcd of this machine is: by its peer URLs, else by its name.
    public static Optional<MemberPlace> ofMachine(List<MemberPlace> members, NodeFacts facts) {
        Flags flags = facts.flags(Component.ETCD);
        List<String> urls = flags.list("initial-advertise-peer-urls");
        return members.stream()
                .filter(member -> member.peerUrls().stream().anyMatch(urls::contains))
                .findFirst()
                .or(() -> members.stream()
                        .filter(member ->
                                flags.get("name").map(member.name()::equals).orElse(false))
                        .findFirst());
    }
}
