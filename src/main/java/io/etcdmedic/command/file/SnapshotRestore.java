package io.etcdmedic.command.file;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.snapshot.SnapshotCheck;
import io.etcdmedic.snapshot.SnapshotFacts;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;

/// `snapshot restore FILE --print`: the commands that bring a cluster back from this file.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic snapshot restore snap.db --print",
            "Nothing is restored: the commands are for the hosts of the members. The file is verified first."
        })
public final class SnapshotRestore implements Command {
    /// What etcd's documentation proposes: more than a cluster writes in the time that a restore takes back.
    private static final long BUMP_REVISIONS = 1_000_000_000L;

    @CommandLine.Parameters(paramLabel = "FILE", description = "a snapshot")
    private Path path = Path.of("");

    @CommandLine.Option(names = "--print", required = true, description = "print the commands")
    private boolean print;

    @CommandLine.Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "the new data directory (default: /var/lib/etcd-restored)")
    private Path dataDir = Path.of("/var/lib/etcd-restored");

    @Override
    public Report run(Session session) {
        SnapshotCheck check = SnapshotCheck.of(path);
        if (!check.isSound()) {
            throw new Failure.Corrupt(Problem.in("planning a restore of " + path)
                    .found("the file is damaged")
                    .expected("a snapshot that verifies")
                    .hint("medic snapshot verify " + path));
        }
        try (SnapshotKeyspace file = SnapshotFile.open(path)) {
            List<SnapshotFacts.Member> members = file.facts().members();
            if (!print || members.isEmpty()) {
                throw new Failure.Refused(Problem.in("planning a restore of " + path)
                        .found("the file names no members")
                        .hint("etcdutl snapshot restore --help"));
            }
            Report report = Report.of(new Content.Prose(text(file, members)));
            return check.content() == SnapshotCheck.Content.VERIFIED
                    ? report
                    : report.saying("medic: " + path + " is a copied database without a hash: etcdutl refuses it, and"
                            + " nothing can prove its content; a file from `etcdctl snapshot save` is better");
        }
    }

    private String text(SnapshotKeyspace file, List<SnapshotFacts.Member> members) {
        String cluster = members.stream()
                .flatMap(m -> m.peerUrls().stream().map(url -> quoted(m.name() + "=" + url)))
                .collect(Collectors.joining(","));
        StringBuilder text = new StringBuilder("## %s: revision %s, %d member%s\n"
                .formatted(path, file.revision(), members.size(), members.size() == 1 ? "" : "s"));
        text.append("## 1. Stop every kube-apiserver, then every etcd. Keep their data directories.\n");
        text.append("## 2. On each member's host, with the etcdutl of etcd 3.6 or of a late 3.5:\n");
        for (SnapshotFacts.Member member : members) {
            text.append("##    ").append(quoted(member.name())).append(":\n");
            text.append("etcdutl snapshot restore ")
                    .append(quoted(path.toString()))
                    .append(" \\\n");
            text.append("  --name ").append(quoted(member.name())).append(" \\\n");
            text.append("  --initial-cluster ").append(cluster).append(" \\\n");
            text.append("  --initial-advertise-peer-urls ")
                    .append(quoted(String.join(",", member.peerUrls())))
                    .append(" \\\n");
            text.append("  --data-dir ").append(quoted(dataDir.toString())).append(" \\\n");
            text.append("  --bump-revision ").append(BUMP_REVISIONS).append(" --mark-compacted\n");
        }
        text.append("""
                ## 3. Point each etcd at the new data directory, owned by the user that etcd runs as, mode 0700; start all.
                ## 4. Start every kube-apiserver; restart kube-controller-manager, kube-scheduler, each kubelet and
                ##    every operator. Without the bumped, compacted revisions what watches the API keeps what it knew
                ##    for hours: revisions went back (etcd#16028).
                """);
        return text.toString();
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
