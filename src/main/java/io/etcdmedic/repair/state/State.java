package io.etcdmedic.repair.state;

import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.repair.Vault;
import io.etcdmedic.repair.journal.Event;
import io.etcdmedic.repair.journal.JournalFile;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.journal.Record;
import io.etcdmedic.repair.plan.Plan;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What the state folder says was done, to be read; a broken journal is read as far as it can be believed.
public record State(StateFolder folder, JournalFile journal) {
    private static final int DIGITS_MIN = 4;

    public static State read(StateFolder folder) {
        return new State(folder, JournalFile.read(folder.journal()));
    }

    /// Oldest first.
    public List<Progress> entries() {
        return Progress.of(journal.records());
    }

    /// The entry whose id begins with `digits`.
    ///
    /// @throws Failure.Absent when there is none
    /// @throws Failure.Usage when there are several
    public Progress entry(String digits) {
        Problem looking = Problem.in("looking for journal entry " + digits);
        if (!digits.matches("[0-9a-f]{" + DIGITS_MIN + ",32}")) {
            throw new Failure.Usage(looking.found("no id").expected("hexadecimal digits, at least " + DIGITS_MIN));
        }
        List<Progress> found =
                entries().stream().filter(e -> e.entry().startsWith(digits)).toList();
        if (found.isEmpty()) {
            throw new Failure.Absent(
                    looking.found("there is none in " + folder.journal()).hint("medic journal list"));
        }
        if (found.size() > 1) {
            throw new Failure.Usage(looking.found(found.size() + " entries begin so")
                    .hint("give more digits: "
                            + found.stream().map(Progress::entry).collect(Collectors.joining(", "))));
        }
        return found.getFirst();
    }

    /// When the entry began, ISO 8601.
    public String time(Progress entry) {
        return journal.lines().stream()
                .filter(line -> line.record().entry().equals(entry.entry()))
                .findFirst()
                .map(JournalFile.Line::time)
                .orElse("");
    }

    /// The plan that the entry ran.
    ///
    /// @throws Failure.Refused when it is missing or was edited
    public Plan plan(Progress entry) {
        return vault().plan(entry.entry(), begin(entry).flatMap(r -> r.fact("planSha256")));
    }

    public static Optional<Record> begin(Progress entry) {
        return entry.last(Event.BEGIN);
    }

    /// A vault to read from.
    public FileVault vault() {
        return new FileVault(folder, java.time.Clock.systemUTC(), io.etcdmedic.archive.ArchiveWriter.View.NONE);
    }

    /// The archives that the entry made, oldest first.
    public static List<Vault.Kept> archives(Progress entry) {
        return entry.records().stream()
                .filter(record -> record.event() == Event.ARCHIVED)
                .map(record -> new Vault.Kept(
                        record.fact("archive").orElse(""),
                        new Sha256(record.fact("archiveSha256").orElseThrow())))
                .toList();
    }

    /// An undo writes what the archives of the change hold, and they are what it can be checked against.
    ///
    /// @param undone the entry that a plan takes back
    /// @throws Failure when the journal does not know it, or one of its archives is missing or was changed
    public void requireArchives(String undone) {
        Progress entry = entry(undone);
        archives(entry).forEach(vault()::verify);
    }

    /// The entry that took `entry` back, where one did.
    public Optional<Progress> undoneBy(Progress entry) {
        return entries().stream()
                .filter(other -> begin(other)
                        .flatMap(r -> r.fact("undoes"))
                        .filter(entry.entry()::equals)
                        .isPresent())
                .filter(other -> Set.of("APPLIED", "INCOMPLETE").contains(other.outcome()))
                .findFirst();
    }

    /// Whether an undo of the entry may still need its archives.
    public boolean isUndoable(Progress entry) {
        boolean changed = entry.records().stream()
                .anyMatch(r -> r.event() == Event.SETTLED
                        && r.fact("verdict").filter("APPLIED"::equals).isPresent());
        return changed && undoneBy(entry).isEmpty();
    }
}
