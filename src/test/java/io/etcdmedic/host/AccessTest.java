package io.etcdmedic.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real files with real owners: the verdict is compared with what the kernel itself allows.
class AccessTest {
    private static final int GUEST = 54321;
    private static final Account GUEST_ACCOUNT = new Account("guest", GUEST, Set.of(GUEST));

    @TempDir
    Path root = Path.of("");

    @BeforeEach
    void tree() throws IOException {
        Files.createDirectories(root.resolve("etc/ssl"));
        Files.writeString(root.resolve("etc/ssl/a.pem"), "a");
        mode(root, "rwxr-xr-x");
        mode(root.resolve("etc"), "rwxr-xr-x");
        mode(root.resolve("etc/ssl"), "rwxr-xr-x");
        mode(root.resolve("etc/ssl/a.pem"), "rw-------");
    }

    @Test
    void everyFolderOnTheWayCounts() throws IOException {
        Machine machine = LiveMachine.at(root);
        mode(root.resolve("etc/ssl/a.pem"), "rw-r--r--");
        assertThat(Access.readDenied(machine, "/etc/ssl/a.pem", GUEST_ACCOUNT)).isEmpty();

        mode(root.resolve("etc"), "rwx------");
        assertThat(Access.readDenied(machine, "/etc/ssl/a.pem", GUEST_ACCOUNT))
                .hasValueSatisfying(why -> assertThat(why).contains("the folder /etc (0700 "));
        assertThat(Access.readDenied(machine, "/etc/ssl/a.pem", Account.ROOT)).isEmpty();
    }

    @Test
    void agreesWithTheKernelForOwnersGroupsAndAccessLists() throws IOException {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root to change owners");
        assumeTrue(Tools.find("setfacl").isPresent(), "SKIPPED: needs setfacl (package acl)");
        Path file = root.resolve("etc/ssl/a.pem");
        check(file, "0640", GUEST + ":0", "");
        check(file, "0040", "0:" + GUEST, "");
        check(file, "0004", "0:0", "");
        check(file, "0044", GUEST + ":0", "");
        check(file, "0600", "0:0", "user:" + GUEST + ":r--");
        check(file, "0604", "0:0", "user:" + GUEST + ":---");
        check(file, "0600", "0:0", "group:" + GUEST + ":r--");
        check(file, "0600", "0:0", "user:" + GUEST + ":r--,mask::---");
    }

    /// `setpriv` reads the file as the guest: the kernel's verdict.
    private void check(Path file, String mode, String owner, String acl) {
        run("setfacl", "-b", file.toString());
        run("chown", owner, file.toString());
        run("chmod", mode, file.toString());
        if (!acl.isEmpty()) {
            run("setfacl", "-m", acl, file.toString());
        }
        // The test's temporary folder lies below /tmp: the guest passes it, or the file's verdict would mean nothing.
        ToolAnswer kernel = Tools.run(ToolCall.of(
                "setpriv", "--reuid=" + GUEST, "--regid=" + GUEST, "--clear-groups", "cat", file.toString()));
        boolean allowed = kernel instanceof ToolAnswer.Ran ran && ran.ok();
        assertThat(Access.readDenied(LiveMachine.at(root), "/etc/ssl/a.pem", GUEST_ACCOUNT)
                        .isEmpty())
                .as("%s %s %s", mode, owner, acl)
                .isEqualTo(allowed);
    }

    private static void run(String... argv) {
        assertThat(Tools.run(ToolCall.of(argv[0], java.util.Arrays.copyOfRange(argv, 1, argv.length)))
                        .trouble())
                .isEmpty();
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
