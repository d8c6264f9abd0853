package io.etcdmedic.repair;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Compare;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.repair.journal.Event;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.journal.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The fences that lie in etcd: what runs that were killed left behind, and what still decides something.
public final class Fences {
    private Fences() {}

    /// What a fence is good for, as far as one journal knows.
    public enum Use {
        /// The journal says what became of its transaction, or that it was never sent: it decides nothing more.
        NONE,
        /// The journal has no verdict yet: the fence decides it.
        DECIDES,
        /// Another journal's: what it decides is not known here.
        ELSEWHERE
    }

    /// @param journalEntry whose step put it: from the journal, else from what is written in it; empty: it was
    /// cancelled
    public record Left(Entry entry, Use use, Optional<String> journalEntry) {
        public Key key() {
            return entry.key();
        }
    }

    /// All of them, by key.
    public static List<Left> in(Keyspace keyspace, List<Progress> journal) {
        Map<String, Progress> byOp = journal.stream()
                .flatMap(progress -> ops(progress).stream().map(op -> Map.entry(op, progress)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, _) -> one));
        List<Left> left = new ArrayList<>();
        try (Entries entries = keyspace.scan(KeyRange.prefix(Key.of(Fence.PREFIX)), Scan.values())) {
            entries.forEachRemaining(entry -> left.add(judged(entry, byOp)));
        }
        return left;
    }

    private static Left judged(Entry entry, Map<String, Progress> byOp) {
        String op = entry.key().display().substring(Fence.PREFIX.length());
        Optional<Progress> owner = Optional.ofNullable(byOp.get(op));
        if (owner.isEmpty()) {
            String content = entry.value().toUtf8();
            return new Left(
                    entry,
                    Use.ELSEWHERE,
                    content.matches("[0-9a-f]{32} step [0-9]+")
                            ? Optional.of(content.substring(0, content.indexOf(' ')))
                            : Optional.empty());
        }
        return new Left(entry, decides(owner.get(), op) ? Use.DECIDES : Use.NONE, owner.map(Progress::entry));
    }

    private static Set<String> ops(Progress progress) {
        return progress.records().stream()
                .filter(record -> record.event() == Event.INTENT)
                .flatMap(record -> record.fact("op").stream())
                .collect(Collectors.toSet());
    }

    /// Only a fence whose revision is in the journal can have been sent behind, and only until the verdict is.
    private static boolean decides(Progress progress, String op) {
        Optional<Record> open = progress.unsettled();
        return open.isPresent()
                && progress.last(open.get().step(), Event.FENCED)
                        .flatMap(fenced -> fenced.fact("op"))
                        .filter(op::equals)
                        .isPresent();
    }

    /// Removes those that decide nothing. The caller holds the journal: nobody else puts fences for it meanwhile.
    ///
    /// @return the keys that were removed
    /// @throws Failure when etcd does not answer
    public static List<Key> clear(WritableKeyspace keyspace, List<Progress> journal) {
        List<Key> cleared = new ArrayList<>();
        for (Left left : in(keyspace, journal)) {
            if (left.use() != Use.NONE) {
                continue;
            }
            Transaction removal = new Transaction(
                    List.of(new Compare.Mod(
                            left.key(), left.entry().modRevision().number())),
                    List.of(new Write.Delete(left.key())),
                    List.of());
            if (keyspace.commit(removal, new WritePermit("fences", Set.of(left.key())))
                    .succeeded()) {
                cleared.add(left.key());
            }
        }
        return cleared;
    }
}
