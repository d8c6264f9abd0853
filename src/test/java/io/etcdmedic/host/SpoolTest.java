package io.etcdmedic.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void whatWentInComesOut() throws IOException {
        for (int length : new int[] {0, 1, Spool.MEMORY_BYTES_MAX, Spool.MEMORY_BYTES_MAX + 1, 3_000_001}) {
            byte[] bytes = new byte[length];
            new Random(length).nextBytes(bytes);
            try (Spool spool = Spool.beside(folder.resolve("target"));
                    Spool memory = Spool.inMemory()) {
                for (int at = 0; at < length; at += 70_000) {
                    spool.write(bytes, at, Math.min(70_000, length - at));
                }
                memory.write(bytes);
                assertThat(spool.length()).isEqualTo(length);
                assertThat(read(spool)).isEqualTo(bytes).isEqualTo(read(memory));
            }
        }
    }

    /// The oracle is the kernel: the file that the program holds open has no name, and nobody else may open it.
    @Test
    void nobodyElseSeesIt() throws IOException {
        try (Spool spool = Spool.beside(folder.resolve("target"))) {
            spool.write(new byte[Spool.MEMORY_BYTES_MAX + 1]);
            assertThat(folder).isEmptyDirectory();
            List<Path> held = heldOpen();
            assertThat(held).hasSize(1);
            assertThat((int) Files.getAttribute(held.getFirst(), "unix:mode") & 07777)
                    .isEqualTo(0600);
        }
        assertThat(heldOpen()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderThatIsNotThere() throws IOException {
        try (Spool spool = Spool.beside(folder.resolve("missing").resolve("target"))) {
            assertThatThrownBy(() -> spool.write(new byte[Spool.MEMORY_BYTES_MAX + 1]))
                    .isInstanceOf(NoSuchFileException.class);
        }
    }

    private List<Path> heldOpen() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(this::isOurs).toList();
        }
    }

    private boolean isOurs(Path open) {
        try {
            return Files.readSymbolicLink(open).startsWith(folder.toRealPath());
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private static byte[] read(Spool spool) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        spool.writeTo(out);
        return out.toByteArray();
    }
}
