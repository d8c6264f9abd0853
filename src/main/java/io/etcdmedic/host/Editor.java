package io.etcdmedic.host;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The operator's own editor, on a file that nobody else can read.
///
/// The file lies in a new folder of mode 0700, below `$XDG_RUNTIME_DIR` where there is one, because a shared `/tmp`
/// is where others look. The editor is `$VISUAL`, else `$EDITOR`, else vi: a program with arguments, run without a
/// shell.
public final class Editor implements AutoCloseable {
    private final Path folder;
    private final Path file;
    private final List<String> program;
    private boolean keep;

    private Editor(Path folder, Path file, List<String> program) {
        this.folder = folder;
        this.file = file;
        this.program = program;
    }

    /// @param name of the file, which the editor may go by: `service-web.yaml`
    public static Editor open(String name, Bytes content, Map<String, String> environment) {
        try {
            var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
            Path folder = !runtime.isEmpty() && Files.isDirectory(Path.of(runtime))
                    ? Files.createTempDirectory(Path.of(runtime), "medic-edit-", mode)
                    : Files.createTempDirectory("medic-edit-", mode);
            Path file = folder.resolve(name.replaceAll("[^A-Za-z0-9._-]", "_"));
            DurableFile.writeNew(file, content);
            return new Editor(folder, file, program(environment));
        } catch (IOException e) {
            throw new Failure.Unreachable(
                            Problem.in("making a private folder for the editor").found(IoReason.of(e)))
                    .because(e);
        }
    }

    private static List<String> program(Map<String, String> environment) {
        String visual = environment.getOrDefault("VISUAL", "");
        String editor = visual.isBlank() ? environment.getOrDefault("EDITOR", "") : visual;
        return editor.isBlank() ? List.of("vi") : List.of(editor.strip().split("\\s+"));
    }

    /// Runs the editor in the terminal until it is left, and reads what it saved.
    ///
    /// @throws Failure.Unreachable when it cannot be started or says that it failed
    public Bytes edit() {
        List<String> command = new ArrayList<>(program);
        command.add(file.toString());
        Problem running = Problem.in("running the editor " + String.join(" ", program));
        try {
            int status = wait(new ProcessBuilder(command).inheritIO().start());
            if (status != 0) {
                throw new Failure.Unreachable(running.found("it ended with status " + status)
                        .hint("nothing was changed; $EDITOR names the editor"));
            }
            return Bytes.owned(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new Failure.Unreachable(running.found(IoReason.of(e)).hint("$EDITOR names the editor")).because(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Interrupted(ExitCode.INTERRUPTED, running.found("interrupted"));
        }
    }

    /// An editor that nobody waits for any more must not keep the terminal.
    private static int wait(Process editor) throws InterruptedException {
        try {
            return editor.waitFor();
        } finally {
            editor.destroy();
        }
    }

    /// Leaves the file where it is when this is closed, so that no work is lost.
    public Path keep() {
        keep = true;
        return file;
    }

    @Override
    public void close() {
        if (keep) {
            return;
        }
        try (var files = Files.list(folder)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
            Files.delete(folder);
        } catch (IOException leftBehind) {
            // What stays is 0600 in a folder of 0700.
        }
    }
}
