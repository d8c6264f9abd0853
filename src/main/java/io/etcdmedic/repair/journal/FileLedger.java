package io.etcdmedic.repair.journal;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.IoReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The journal on disk, open for writing: each record is on the disk when [#append] returns.
///
/// One process at a time holds it, by a lock that the kernel takes back when the process dies. That is a courtesy
/// between operators of one machine; the guard against others is the comparison in every transaction.
public final class FileLedger implements Ledger, AutoCloseable {
    private final Path path;
    private final FileChannel file;
    private final FileChannel locked;
    private final Clock clock;
    private final List<Record> records;
    private String head;
    private long end;

    private FileLedger(JournalFile journal, FileChannel file, FileChannel locked, Clock clock) {
        this.path = journal.path();
        this.file = file;
        this.locked = locked;
        this.clock = clock;
        this.records = new ArrayList<>(journal.records());
        this.head = journal.head();
        this.end = journal.end();
    }

    /// Locks and opens the journal; a line that was cut off while it was written is taken away, and noted.
    ///
    /// @throws Failure.Refused when another medic holds it, or its chain is broken
    /// @throws Failure.Unreachable when the disk does not take it
    public static FileLedger open(Path path, Path lock, Clock clock) {
        try {
            FileChannel locked = channel(lock);
            takeLock(locked, path);
            try {
                return open(path, locked, clock);
            } catch (IOException | Failure e) {
                locked.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreachable("opening the journal " + path, e);
        }
    }

    private static FileLedger open(Path path, FileChannel locked, Clock clock) throws IOException {
        JournalFile journal = JournalFile.read(path).requireWhole();
        FileLedger ledger = new FileLedger(journal, channel(path), locked, clock);
        switch (journal.tail()) {
            case NONE -> {}
            case UNENDED -> ledger.end += ledger.file.write(ByteBuffer.wrap(new byte[] {'\n'}), ledger.end);
            case TORN -> ledger.cut();
        }
        return ledger;
    }

    private static FileChannel channel(Path path) throws IOException {
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            FileChannel made = FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    mode);
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null) {
                try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                    directory.force(true);
                }
            }
            return made;
        } catch (FileAlreadyExistsException there) {
            return FileChannel.open(path, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        }
    }

    private static void takeLock(FileChannel lock, Path journal) throws IOException {
        try {
            FileLock taken = lock.tryLock();
            if (taken != null) {
                return;
            }
        } catch (OverlappingFileLockException inThisProcess) {
            // Another run of this process holds it; said below.
        }
        lock.close();
        throw new Failure.Refused(Problem.in("opening the journal " + journal)
                .found("another medic is changing something right now")
                .hint("wait until it is done"));
    }

    private void cut() throws IOException {
        long torn = Files.size(path) - end;
        file.truncate(end);
        file.force(true);
        append(new Record(
                "",
                Event.NOTE,
                Record.WHOLE_PLAN,
                0,
                java.util.Map.of("text", "cut off " + torn + " bytes of a line that was not written to its end"),
                List.of()));
    }

    @Override
    public void append(Record record) {
        Bytes line = JournalFile.line(
                records.size() + 1L,
                head,
                clock.instant().truncatedTo(ChronoUnit.MILLIS).toString(),
                record);
        ByteBuffer buffer = line.concat(Bytes.utf8("\n")).asBuffer();
        try {
            long at = end;
            while (buffer.hasRemaining()) {
                at += file.write(buffer, at);
            }
            file.force(true);
            end = at;
        } catch (IOException e) {
            forgetTail();
            throw unreachable("writing to the journal " + path, e);
        }
        records.add(record);
        head = Sha256.of(line).hex();
    }

    /// What was written of a line that failed is no record: it is taken away, or else cut when the journal is opened.
    private void forgetTail() {
        try {
            file.truncate(end);
        } catch (IOException stays) {
            // A line without its line feed is cut off when the journal is opened again.
        }
    }

    @Override
    public List<Record> records() {
        return List.copyOf(records);
    }

    @Override
    public void close() {
        try (locked;
                file) {
            // Closing the channel gives the lock back.
        } catch (IOException harmless) {
            // Everything was forced already.
        }
    }

    private static Failure.Unreachable unreachable(String operation, IOException e) {
        return (Failure.Unreachable) new Failure.Unreachable(
                        Problem.in(operation)
                                .found(IoReason.of(e))
                                .hint(
                                        "nothing is sent while the journal cannot be written: make room, or give --state-dir DIR"))
                .because(e);
    }
}
