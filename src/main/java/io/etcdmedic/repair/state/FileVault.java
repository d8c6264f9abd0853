package io.etcdmedic.repair.state;

import io.etcdmedic.archive.Archive;
import io.etcdmedic.archive.ArchiveLines;
import io.etcdmedic.archive.ArchiveWriter;
import io.etcdmedic.archive.Manifest;
import io.etcdmedic.archive.Manifest.ArchivedFile;
import io.etcdmedic.archive.Manifest.ArchivedKey;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.DurableFile;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.host.Spool;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.Vault;
import io.etcdmedic.repair.plan.Plan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The vault on disk: `plans/ID.json` with its values, `archives/ID-HASH.tar.gz`.
///
/// @param view what lies beside each archived value for people
public record FileVault(StateFolder folder, Clock clock, ArchiveWriter.View view) implements Vault {
    private static final int HASH_DIGITS = 16;

    @Override
    public Sha256 keep(Plan plan) {
        Path file = file(plan.id().hex());
        // A run that died before its first journal record leaves its plan behind; the same plan is as good.
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            PlanFile kept = PlanFile.read(file);
            if (kept.plan().equals(plan)) {
                return kept.sha256();
            }
        } else {
            forget(PlanFile.values(file));
        }
        return PlanFile.write(file, plan).sha256();
    }

    /// The values go first: a run that died behind them left values of no plan.
    private static void forget(Path values) {
        try {
            Files.deleteIfExists(values);
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("removing what a dead run left, " + values)
                            .found(IoReason.of(e)))
                    .because(e);
        }
    }

    @Override
    public Plan plan(String id) {
        return PlanFile.read(file(id)).plan();
    }

    /// The plan that the journal's entry began with.
    ///
    /// @param written the hash that the journal holds; empty: an entry without one
    /// @throws Failure.Refused when it is missing or is another one
    public Plan plan(String id, Optional<String> written) {
        Problem reading = Problem.in("reading the plan of journal entry " + id.substring(0, 8));
        if (Files.notExists(file(id), LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure.Refused(reading.found(file(id) + " is missing")
                    .expected("the plan that the journal names")
                    .hint("bring it back from a copy of the state folder"));
        }
        PlanFile file = PlanFile.read(file(id));
        if (written.isPresent() && !written.get().equals(file.sha256().hex())) {
            throw new Failure.Refused(reading.found(file(id) + " has the SHA-256 " + file.sha256())
                    .expected(written.get() + ", as the journal says: it was edited"));
        }
        return file.plan();
    }

    private Path file(String id) {
        return folder.plans().resolve(id + ".json");
    }

    @Override
    public Kept keep(Plan plan, Revision at, List<Entry> entries, Map<String, Bytes> files) {
        Bytes archive = archive(plan, at, entries, files);
        Sha256 sha256 = Sha256.of(archive);
        String name = plan.id().shortForm() + "-" + sha256.hex().substring(0, HASH_DIGITS) + ".tar.gz";
        Path path = folder.archives().resolve(name);
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
            DurableFile.writeNew(path, archive);
        }
        Kept kept = new Kept(path.toString(), sha256);
        requireSame(open(kept), entries, files);
        return kept;
    }

    private Bytes archive(Plan plan, Revision at, List<Entry> entries, Map<String, Bytes> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Manifest.Head head = new Manifest.Head(
                Manifest.FORMAT,
                plan.binding().clusterId(),
                at,
                "plan " + plan.id().hex(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                plan.title());
        try (ArchiveWriter writer = new ArchiveWriter(bytes, head, view, Spool.inMemory())) {
            for (Entry entry : sorted(entries)) {
                writer.key(entry);
            }
            for (Map.Entry<String, Bytes> file : new TreeMap<>(files).entrySet()) {
                writer.file(file.getKey(), file.getValue());
            }
        } catch (IOException inMemory) {
            throw new IllegalStateException(inMemory);
        }
        return Bytes.owned(bytes.toByteArray());
    }

    private static List<Entry> sorted(List<Entry> entries) {
        return entries.stream().sorted(Comparator.comparing(Entry::key)).toList();
    }

    /// What came back from the disk is what was to be kept: hash and length of every value, and all that is known
    /// of it.
    static void requireSame(Archive archive, List<Entry> entries, Map<String, Bytes> files) {
        List<Entry> back = new java.util.ArrayList<>();
        archive.entries(_ -> true, back::add);
        boolean same = sorted(back).equals(sorted(entries))
                && archive.files().stream()
                        .map(ArchivedFile::sha256)
                        .toList()
                        .equals(new TreeMap<>(files)
                                .values().stream().map(Sha256::of).toList());
        if (!same) {
            throw new Failure.Unreachable(Problem.in("reading back the archive")
                    .found("other bytes than were written")
                    .hint("the disk of the state folder is damaged; nothing was sent"));
        }
    }

    /// @throws Failure when the archive is missing, or is not as it was written
    public void verify(Kept kept) {
        open(kept);
    }

    /// The archive that the journal names, whole and with the hash that was journaled; it lies in this state
    /// folder, wherever that was when it was written.
    private Archive open(Kept kept) {
        Path path = folder.archives().resolve(Path.of(kept.file()).getFileName());
        Problem reading = Problem.in("reading the archive " + path);
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure.Refused(reading.found("it is missing")
                    .expected("the archive that the journal names")
                    .hint("bring it back from a copy of the state folder"));
        }
        try {
            Sha256 found = Sha256.of(Bytes.owned(Files.readAllBytes(path)));
            if (!found.equals(kept.sha256())) {
                throw new Failure.Refused(
                        reading.found("its SHA-256 is " + found).expected(kept.sha256() + ", as the journal says"));
            }
        } catch (IOException e) {
            throw new Failure.Unreachable(reading.found(IoReason.of(e))).because(e);
        }
        return Archive.open(path);
    }

    @Override
    public Optional<Bytes> value(Kept kept, Key key, Sha256 value) {
        Archive archive = open(kept);
        try (ArchiveLines lines = archive.lines()) {
            while (lines.hasNext()) {
                if (lines.next() instanceof ArchivedKey archived
                        && archived.key().equals(key)
                        && archived.sha256().equals(value)) {
                    return archive.value(value);
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Bytes> file(Kept kept, String path) {
        Archive archive = open(kept);
        return archive.files().stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .flatMap(file -> archive.value(file.sha256()));
    }
}
