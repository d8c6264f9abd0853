package io.etcdmedic.command.file;

import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.snapshot.SnapshotFacts.Member;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The commands that make a cluster of a file, one for each member.
///
/// A member that never started has no name yet, and a restore would make a voter of a learner: both are left out, and
/// named.
///
/// @param dataDir where each member's data are to lie
/// @param sealed whether the file ends with its hash; without one etcdutl must be told not to ask for it
/// @param known the members that the file names
record RestoreCommands(Path path, Path dataDir, boolean sealed, List<Member> known) {
    /// What etcd's documentation proposes: more than a cluster writes in the time that a restore takes back.
    private static final long BUMP_REVISIONS = 1_000_000_000L;

    /// Who will be the new cluster.
    List<Member> members() {
        return known.stream()
                .filter(m ->
                        !m.learner() && !m.name().isEmpty() && !m.peerUrls().isEmpty())
                .toList();
    }

    String text(Revision revision) {
        List<Member> members = members();
        StringBuilder text = new StringBuilder("## %s: revision %s, %d member%s\n"
                .formatted(path, revision, members.size(), members.size() == 1 ? "" : "s"));
        for (String left : leftOut()) {
            text.append("## ").append(left).append('\n');
        }
        text.append("## 1. Stop every kube-apiserver, then every etcd. Keep their data directories.\n");
        text.append("## 2. On each member's host, with the etcdutl of etcd 3.6 or of a late 3.5:\n");
        for (Member member : members) {
            text.append(command(member));
        }
        text.append("""
                ## 3. Point each etcd at the new data directory, owned by the user that etcd runs as, mode 0700; start all.
                ## 4. Start every kube-apiserver; restart kube-controller-manager, kube-scheduler, each kubelet and
                ##    every operator. Without the bumped, compacted revisions what watches the API keeps what it knew
                ##    for hours: revisions went back (etcd#16028).
                """);
        return text.toString();
    }

    private List<String> leftOut() {
        List<Member> members = members();
        List<String> left = new ArrayList<>();
        for (Member member : known) {
            if (!members.contains(member)) {
                String why = member.name().isEmpty() ? "it had not started" : "a learner";
                String flag = member.learner() ? " --learner" : "";
                left.add("Left out: member %s, %s. Add it afterwards: etcdctl member add NAME%s --peer-urls=%s"
                        .formatted(member.id(), why, flag, quoted(String.join(",", member.peerUrls()))));
            }
        }
        return left;
    }

    private String command(Member member) {
        List<String> lines = List.of(
                "etcdutl snapshot restore " + quoted(path.toString()),
                "--name " + quoted(member.name()),
                "--initial-cluster " + quoted(cluster()),
                "--initial-advertise-peer-urls " + quoted(String.join(",", member.peerUrls())),
                "--data-dir " + quoted(dataDir.toString()),
                "--bump-revision " + BUMP_REVISIONS + " --mark-compacted" + (sealed ? "" : " --skip-hash-check"));
        return "##    " + quoted(member.name()) + ":\n" + String.join(" \\\n  ", lines) + "\n";
    }

    private String cluster() {
        return members().stream()
                .flatMap(m -> m.peerUrls().stream().map(url -> m.name() + "=" + url))
                .collect(Collectors.joining(","));
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
