package io.etcdmedic.node.certs;

import io.etcdmedic.host.Accounts;
import io.etcdmedic.node.HostPlan;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.HostChange.Ownership;
import io.etcdmedic.repair.plan.PlanDraft;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/// `node certs fix`: plans the changes of [AccessFix], [AuditLog] and [EtcdDataFix].
public final class CertsFix {
    private CertsFix() {}

    /// @param root where the machine's `/` is on this one, free of links
    public static PlanDraft plan(NodeFacts facts, Path root) {
        AccessFix fix = AccessFix.of(facts);
        PlanDraft draft = HostPlan.draft("node certs fix", "let every service read what it needs, and no more");
        Accounts accounts = facts.accounts();
        EtcdDataFix data = EtcdDataFix.of(facts, root);
        AccessFix log = AuditLog.fix(facts);
        Stream.of(fix.changes(), log.changes(), data.changes())
                .flatMap(List::stream)
                .forEach(change -> draft.step(step(change, accounts, root)));
        Stream.of(fix.left(), log.left(), data.left())
                .flatMap(List::stream)
                .forEach(why -> draft.warn("Not changed: " + why));
        if (!facts.machine().denied().isEmpty()) {
            draft.warn("Not seen, because they are not for the user that asks: "
                    + String.join(", ", new TreeSet<>(facts.machine().denied())));
        }
        return draft.thenDo("medic node certs check");
    }

    private static HostChange.Access step(AccessFix.Change change, Accounts accounts, Path root) {
        String path = change.seen().path();
        Ownership seen = new Ownership(
                change.seen().uid(), change.seen().gid(), change.seen().mode());
        Ownership wanted = new Ownership(change.uid(), change.gid(), change.mode());
        String title =
                "%s: %s becomes %s, %s".formatted(path, words(seen, accounts), words(wanted, accounts), change.why());
        return new HostChange.Access(
                Frame.of(title, "file " + path), root.resolve(path.substring(1)).toString(), seen, wanted);
    }

    private static String words(Ownership ownership, Accounts accounts) {
        return "%s:%s %04o"
                .formatted(accounts.userName(ownership.uid()), accounts.groupName(ownership.gid()), ownership.mode());
    }
}
