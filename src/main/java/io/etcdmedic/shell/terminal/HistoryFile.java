package io.etcdmedic.shell.terminal;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.DurableFile;
import io.etcdmedic.host.PrivateFile;
import io.etcdmedic.shell.Confidential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jline.reader.LineReader;
import org.jline.reader.impl.history.DefaultHistory;

/// What was typed before, in a file that only we can read, without the lines that carry values.
final class HistoryFile extends DefaultHistory {
    private static final int LINES_MAX = 5000;

    @Override
    public void add(Instant time, String line) {
        if (!Confidential.carriesValues(line)) {
            super.add(time, line);
        }
    }

    /// Keeps `reader`'s history in the folder `state`; where that cannot be, says so and keeps it in memory.
    static void attach(LineReader reader, Supplier<Path> state, Consumer<String> say) {
        try {
            Path file = state.get().resolve("history");
            DurableFile.folder(state.get());
            PrivateFile.appending(file).close();
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            reader.setVariable(LineReader.HISTORY_FILE, file);
            reader.setVariable(LineReader.HISTORY_FILE_SIZE, LINES_MAX);
            reader.getHistory().attach(reader);
        } catch (Failure failure) {
            say.accept("medic: no history is kept: " + failure.problem().message());
        } catch (IOException e) {
            say.accept("medic: no history is kept: " + e.getMessage());
        }
    }

    static void save(LineReader reader) throws IOException {
        if (reader.getVariable(LineReader.HISTORY_FILE) != null) {
            reader.getHistory().save();
        }
    }
}
