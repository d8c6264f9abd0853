package io.etcdmedic.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void writesPrivatelyAndLeavesNothingElse() throws IOException {
        Path file = DurableFile.folder(folder.resolve("a/b")).resolve("journal");

        DurableFile.write(file, Bytes.utf8("one"));
        DurableFile.write(file, Bytes.utf8("two"));

        assertThat(Files.readString(file)).isEqualTo("two");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling(""))))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(folder.resolve("a/b"))) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aNewFileNeverReplaces() throws IOException {
        Path file = DurableFile.folder(folder.resolve("a")).resolve("key");
        DurableFile.writeNew(file, Bytes.utf8("first"));

        assertThatThrownBy(() -> DurableFile.writeNew(file, Bytes.utf8("second")))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("exists already");
        assertThat(Files.readString(file)).isEqualTo("first");
    }

    @Test
    void refusesAFolderThatOthersCanWriteTo() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));

        assertThatThrownBy(() -> DurableFile.write(folder.resolve("x"), Bytes.EMPTY))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("others can write to it (mode 0770)");
    }
}
