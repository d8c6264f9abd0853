package io.etcdmedic.runbook;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.Wait;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Cures values that no apiserver can decode: one of them makes every list of its resource fail, cluster-wide.
///
/// Each is replaced by its last good revision, where history still has one; deleted only when the operator accepts
/// the loss. A value that is encrypted under a key that we lack, or of a kind that we do not know, is not
/// undecodable.
final class Undecodable implements Runbook {
    private static final String READABLE = "undecodable.readable";
    private static final String LOSS = "loss";

    /// No more keys than an operator can look at.
    private static final int KEYS_MAX = 100;

    @Override
    public String name() {
        return "undecodable";
    }

    @Override
    public String when() {
        return "lists of one resource fail for everybody (\"illegal wireType\", \"unable to decode\"): a value in etcd is"
                + " damaged";
    }

    @Override
    public Plan plan(Scene scene, Request request) {
        PlanDraft draft = scene.draft(name(), "values that no apiserver can decode");
        ofOneCluster(scene);
        List<Entry> damaged = damaged(scene, request.argument());
        if (damaged.isEmpty()) {
            draft.note("every value can be decoded: nothing to do");
            return scene.build(draft);
        }
        if (damaged.size() > KEYS_MAX) {
            throw refused(
                    damaged.size() + " values cannot be decoded",
                    "at most " + KEYS_MAX,
                    "so many point to another cause (a missing encryption key, another cluster's data); else name one"
                            + " key: medic fix undecodable KEY");
        }
        List<String> lost = new ArrayList<>();
        for (Entry entry : damaged) {
            String object = entry.key().display();
            Optional<Entry> kept = lastGood(scene, entry);
            Optional<Entry> good = kept.or(() -> older(scene, entry));
            if (good.isPresent()) {
                String from = kept.isPresent()
                        ? ""
                        : " from " + scene.older().orElseThrow().source();
                draft.note(object + ": revision " + good.get().modRevision() + from + " could still be decoded");
                draft.step(KeyChange.of(
                        Frame.of("bring back revision " + good.get().modRevision() + " of " + object + from, object),
                        KeyChange.Edit.replace(entry, draft.value(good.get().value()))));
            } else {
                lost.add(object);
                draft.note(object + ": history holds no revision that can be decoded");
                draft.step(KeyChange.of(Frame.of("delete " + object, object), KeyChange.Edit.delete(entry)));
            }
            draft.verify(Wait.until(
                    object + " can be decoded, or is gone",
                    new Check.Named(READABLE, Map.of("key", entry.key().bytes().toHex())),
                    Duration.ofSeconds(5)));
        }
        if (!lost.isEmpty() && !request.accepted().contains(LOSS)) {
            throw refused(
                    "of " + String.join(", ", lost) + " no good revision is left in history",
                    "one to go back to",
                    "take it from an older snapshot: --from SNAPSHOT; or accept its loss: --accept " + LOSS);
        }
        return scene.build(draft);
    }

    private static List<Entry> damaged(Scene scene, String only) {
        List<Entry> found = new ArrayList<>();
        Key folder = Key.of(scene.prefix() + "/");
        KeyRange range = only.isEmpty() ? KeyRange.prefix(folder) : KeyRange.single(Key.of(only));
        try (Entries entries =
                scene.keyspace().scan(range, Scan.values().at(scene.binding().floor()))) {
            entries.forEachRemaining(entry -> {
                if (isObject(entry, folder) && !isReadable(entry, scene.decoder())) {
                    found.add(entry);
                }
            });
        }
        return found;
    }

    private static boolean isObject(Entry entry, Key folder) {
        return entry.key().startsWith(folder)
                && StoredName.of(entry.key().text().substring(folder.text().length()))
                        .isPresent();
    }

    private static boolean isReadable(Entry entry, Decoder decoder) {
        try {
            decoder.decode(entry);
            return true;
        } catch (Failure.Corrupt damaged) {
            return false;
        } catch (Failure.Locked encrypted) {
            return true;
        }
    }

    private static Optional<Entry> lastGood(Scene scene, Entry entry) {
        return scene.keyspace().history(entry.key()).reversed().stream()
                .filter(change -> change.revision().compareTo(entry.modRevision()) < 0)
                .takeWhile(change -> change instanceof Change.Put)
                .map(change -> ((Change.Put) change).entry())
                .filter(earlier -> isReadable(earlier, scene.decoder()))
                .findFirst();
    }

    /// The value in the older snapshot that the operator named.
    private static Optional<Entry> older(Scene scene, Entry entry) {
        return scene.older()
                .flatMap(file -> file.get(entry.key()))
                .filter(earlier -> isReadable(earlier, scene.decoder()));
    }

    /// Values of another cluster are never brought into this one.
    private static void ofOneCluster(Scene scene) {
        Optional<String> here = scene.binding().kubeSystemUid();
        scene.older().ifPresent(file -> {
            Optional<String> there =
                    OneCluster.uid(new Registry(file, file.revision(), scene.decoder(), scene.prefix()));
            if (!there.equals(here)) {
                throw refused(
                        "namespace kube-system has UID " + there.orElse("none") + " in " + file.source(),
                        here.orElse("none") + ", as in " + scene.keyspace().source(),
                        "name a snapshot of this cluster");
            }
        });
    }

    @Override
    public Map<String, NamedCheck> checks(Decoder decoder, Clock clock) {
        return Map.of(READABLE, (keyspace, at, arguments) -> readable(keyspace, at, arguments, decoder));
    }

    private static Optional<String> readable(
            Keyspace keyspace, Revision at, Map<String, String> arguments, Decoder decoder) {
        Key key = new Key(io.etcdmedic.bytes.Bytes.hex(arguments.getOrDefault("key", "")));
        return keyspace.get(key, Optional.of(at))
                .filter(entry -> !isReadable(entry, decoder))
                .map(entry -> entry.key().display() + " cannot be decoded");
    }

    private static Failure refused(String found, String expected, String hint) {
        return new Failure.Refused(Problem.in("planning undecodable")
                .found(found)
                .expected(expected)
                .hint(hint));
    }
}
