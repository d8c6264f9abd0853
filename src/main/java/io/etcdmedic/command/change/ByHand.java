package io.etcdmedic.command.change;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.repair.Words;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.ClusterChange;
import io.etcdmedic.repair.plan.Expect;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.Step;
import io.etcdmedic.repair.plan.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A plan as lines for a shell, for people who want to do it by hand: etcdctl's `txn`, kubectl, chmod.
///
/// The lines compare what etcdctl can compare; archive, fence, journal and undo are medic's alone, and it says so.
public final class ByHand {
    private ByHand() {}

    /// @param values where the plan's values lie
    public static String lines(Plan plan, Path values) {
        StringBuilder out = new StringBuilder("# " + shown(plan.title()) + "\n"
                + "# Without medic's archive, fence, journal and undo: save a snapshot first.\n"
                + "etcdctl snapshot save before.db\n");
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            out.append("\n# Step ")
                    .append(i + 1)
                    .append(": ")
                    .append(shown(step.frame().title()))
                    .append('\n');
            if (!(step.frame().when() instanceof Check.Always)) {
                out.append("# only if ")
                        .append(shown(Words.of(step.frame().when())))
                        .append('\n');
            }
            out.append(
                    switch (step) {
                        case KeyChange change -> keys(change, values);
                        case ApiChange change -> api(change, values);
                        case HostChange change -> host(change, values);
                        case ClusterChange change -> cluster(change);
                    });
            step.frame()
                    .waits()
                    .ifPresent(wait -> out.append("# then wait, up to ")
                            .append(wait.deadline().toSeconds())
                            .append(" s, until ")
                            .append(shown(wait.what()))
                            .append('\n'));
        }
        plan.thenDo().forEach(task -> out.append("\n# ").append(shown(task)).append('\n'));
        return out.toString();
    }

    private static String keys(KeyChange change, Path values) {
        boolean puts = change.edits().stream().anyMatch(e -> e.effect() instanceof KeyChange.Effect.Put);
        return puts ? puts(change, values) : deletes(change);
    }

    private static String deletes(KeyChange change) {
        StringBuilder out = new StringBuilder("etcdctl txn <<'EOF'\n");
        change.edits().forEach(edit -> out.append(compares(edit)));
        out.append('\n');
        change.edits()
                .forEach(edit -> out.append("del ").append(goQuoted(edit.key())).append('\n'));
        return out.append("\n\nEOF\n").toString();
    }

    /// etcdctl's txn takes values as text only; `put` takes bytes from a file, and cannot compare.
    private static String puts(KeyChange change, Path values) {
        StringBuilder out = new StringBuilder("# etcdctl cannot compare and put bytes in one act: look first\n");
        for (KeyChange.Edit edit : change.edits()) {
            String key = quoted(edit.key().display());
            out.append("etcdctl get ")
                    .append(key)
                    .append(" -w fields   # must be: ")
                    .append(Words.of(edit.expect()))
                    .append('\n');
            out.append(
                    switch (edit.effect()) {
                        case KeyChange.Effect.Delete _ -> "etcdctl del " + key + "\n";
                        case KeyChange.Effect.Put put ->
                            value(put.value(), values) + "etcdctl put " + key
                                    + (put.lease().isNone()
                                            ? ""
                                            : " --lease=" + put.lease().hex())
                                    + " < " + file(put.value()) + "\n";
                    });
        }
        return out.toString();
    }

    private static String compares(KeyChange.Edit edit) {
        String key = goQuoted(edit.key());
        return switch (edit.expect()) {
            case Expect.Absent _ -> "mod(" + key + ") = \"0\"\n";
            case Expect.Exactly seen ->
                "mod(" + key + ") = \"" + seen.modRevision() + "\"\nversion(" + key + ") = \"" + seen.version()
                        + "\"\n";
            case Expect.Meeting _ -> "mod(" + key + ") = \"<its mod_revision now>\"\n";
        };
    }

    private static String api(ApiChange change, Path values) {
        return switch (change) {
            case ApiChange.Create create ->
                value(create.body(), values) + "kubectl create -f " + file(create.body()) + "\n";
            case ApiChange.Delete delete ->
                "kubectl delete " + kubectl(delete.name())
                        + delete.same()
                                .map(same -> "   # if its UID is still " + shown(same.uid()))
                                .orElse("")
                        + "\n";
            case ApiChange.Patch patch -> value(patch.patch(), values) + patch(patch);
        };
    }

    private static String patch(ApiChange.Patch patch) {
        String file = file(patch.patch());
        if (patch.type() == ApiServer.PatchType.FINALIZE) {
            return "kubectl replace --raw '/api/v1/namespaces/"
                    + shown(patch.name().name()) + "/finalize' -f " + file + "\n";
        }
        String type = patch.type().name().toLowerCase(java.util.Locale.ROOT);
        return "kubectl patch " + kubectl(patch.name()) + " --type " + type + " --patch-file " + file + "\n";
    }

    private static String host(HostChange change, Path values) {
        return switch (change) {
            case HostChange.Access access ->
                "chown %d:%d %s\nchmod %04o %s\n"
                        .formatted(
                                access.wanted().uid(),
                                access.wanted().gid(),
                                quoted(access.path()),
                                access.wanted().mode(),
                                quoted(access.path()));
            case HostChange.Content content ->
                content.value()
                        .map(v -> value(v, values)
                                + "install -o %d -g %d -m %04o %s %s\n"
                                        .formatted(
                                                content.ownership().uid(),
                                                content.ownership().gid(),
                                                content.ownership().mode(),
                                                file(v),
                                                quoted(content.path())))
                        .orElse("rm " + quoted(content.path()) + "\n");
            case HostChange.Command command ->
                command.argv().stream().map(ByHand::quoted).collect(Collectors.joining(" ")) + "\n";
        };
    }

    private static String cluster(ClusterChange change) {
        return switch (change) {
            case ClusterChange.Compact compact -> "etcdctl compact " + compact.revision() + "\n";
            case ClusterChange.Defragment defragment ->
                "etcdctl defrag --endpoints " + quoted(defragment.endpoint()) + "\n";
            case ClusterChange.Disarm _ -> "etcdctl alarm disarm\n";
        };
    }

    private static String value(Value value, Path values) {
        return "jq -r '.values[\"" + value.sha256() + "\"]' " + quoted(values.toString()) + " | base64 -d > "
                + file(value) + "\n";
    }

    private static String file(Value value) {
        return value.sha256().hex().substring(0, 12) + ".value";
    }

    private static String kubectl(ApiName name) {
        return Optional.of(name.toString()).stream()
                .flatMap(text -> List.of(text.split(" ")).stream())
                .map(ByHand::quoted)
                .collect(Collectors.joining(" "));
    }

    /// As etcdctl's txn reads it: Go's quoting.
    private static String goQuoted(Key key) {
        return "\"" + key.display().replace("\"", "\\\"") + "\"";
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + shown(word).replace("'", "'\\''") + "'";
    }

    private static String shown(String text) {
        return Escape.multiline(text).replace('\n', ' ');
    }
}
