package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo's folder: ours alone, gone at the end, and after a kill at the next start. It starts JVMs: some
/// seconds.
class PassingFolderTest {
    private static final String PREFIX = "medic-test-";

    @TempDir
    private Path around;

    @Test
    void goesWithItsOwnerAndWhatAKilledOneLeftGoesWithTheNext() throws Exception {
        Path other = Files.createDirectory(around.resolve(PREFIX + "of-somebody-else"));
        Files.writeString(other.resolve("file"), "x");
        Process alive = holder();
        Process killed = holder();
        Path first = Path.of(alive.inputReader().readLine());
        Path second = Path.of(killed.inputReader().readLine());
        killed.destroyForcibly().waitFor();
        assertThat(second).isDirectoryContaining("glob:**/file");

        try (PassingFolder own = PassingFolder.make(around, PREFIX)) {
            assertThat(folders()).containsExactlyInAnyOrder(other, first, own.path());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.path())))
                    .isEqualTo("rwx------");
            Files.writeString(Files.createDirectories(own.path().resolve("a/b")).resolve("c"), "x");
        } finally {
            alive.destroyForcibly().waitFor();
        }
        assertThat(folders()).containsExactlyInAnyOrder(other, first);
        PassingFolder.make(around, PREFIX).close();
        assertThat(folders()).containsExactly(other);
    }

    /// A process that makes one, says its path, and holds it until it is killed.
    private Process holder() throws IOException {
        return new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        around.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            try (PassingFolder folder = PassingFolder.make(Path.of(arguments[0]), PREFIX)) {
                Files.writeString(folder.path().resolve("file"), "x");
                System.out.println(folder.path());
                Thread.sleep(600_000);
            }
        }
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(around)) {
            return all.toList();
        }
    }
}
