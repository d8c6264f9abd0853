package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.OwnUser;
import io.etcdmedic.node.certs.CertsFix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `node certs fix` while names on its way are links to somebody else's files, again and again: nothing there is
/// touched, not even its time of change.
///
/// Ten seconds for each kind, some ten thousand swaps.
@Tag("long")
class RacingLinksTest {
    private static final Duration RACE = Duration.ofSeconds(10);

    @TempDir
    Path folder = Path.of("");

    private Path root = Path.of("");
    private Path victim = Path.of("");
    private final ReentrantLock swapping = new ReentrantLock(true);

    @BeforeEach
    void aNodeAndAVictim() throws IOException {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root to give files to the users of the services");
        folder = folder.toRealPath();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        root = Files.createDirectory(folder.resolve("root"));
        RkeTree.make(root);
        for (String name : new String[] {"member/snap/db", "member/wal/0.wal", "lock"}) {
            Path file = root.resolve("var/lib/etcd").resolve(name);
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(file, "");
        }
        victim = Files.createDirectory(folder.resolve("victim"));
        try (Stream<Path> files = Files.list(root.resolve("etc/kubernetes/ssl"))) {
            for (Path file : files.toList()) {
                Files.copy(file, victim.resolve(file.getFileName().toString()));
            }
        }
        Files.writeString(victim.resolve("db"), "");
    }

    @Test
    void aFileThatIsALinkNowAndThen() throws Exception {
        Path key = root.resolve("etc/kubernetes/ssl/kube-apiserver-key.pem");
        untouched(() -> file(key, victim.resolve("kube-apiserver-key.pem")));
    }

    @Test
    void aFolderOnTheWayThatIsALinkNowAndThen() throws Exception {
        untouched(() -> swapFolder(root.resolve("etc/kubernetes/ssl"), victim));
    }

    @Test
    void aFolderOfTheMemberThatIsALinkNowAndThen() throws Exception {
        untouched(() -> swapFolder(root.resolve("var/lib/etcd/member/snap"), victim));
    }

    @Test
    void aFileOfTheMemberThatIsALinkNowAndThen() throws Exception {
        Path db = root.resolve("var/lib/etcd/member/snap/db");
        untouched(() -> file(db, victim.resolve("db")));
    }

    private interface Swap {
        void swap() throws IOException;
    }

    private void untouched(Swap swap) throws Exception {
        Map<String, String> before = states();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong swaps = new AtomicLong();
        Thread swapper = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                swapping.lock();
                try {
                    swap.swap();
                    swaps.incrementAndGet();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    swapping.unlock();
                }
            }
        });
        int fixes = 0;
        long end = System.nanoTime() + RACE.toNanos();
        while (System.nanoTime() < end) {
            try {
                new HostLab().apply(HostLab.plan(CertsFix.plan(RkeTree.at(root).facts(), root)));
            } catch (Failure aimedAway) {
                // Refused: a name was not what the plan saw.
            }
            fixes++;
            again();
        }
        stop.set(true);
        swapper.join();

        assertThat(swaps.get()).isGreaterThan(100);
        assertThat(fixes).isGreaterThan(1);
        assertThat(states()).isEqualTo(before);
    }

    /// Back to root, so that there is something to fix; the swapper stands still meanwhile.
    private void again() throws IOException {
        swapping.lock();
        for (String name : new String[] {"etc/kubernetes/ssl", "var/lib/etcd"}) {
            try (Stream<Path> files = Files.walk(root.resolve(name))) {
                for (Path file : files.toList()) {
                    if (!Files.isSymbolicLink(file)) {
                        Files.setAttribute(file, "unix:uid", 0, LinkOption.NOFOLLOW_LINKS);
                        Files.setAttribute(file, "unix:gid", 0, LinkOption.NOFOLLOW_LINKS);
                    }
                }
            }
        }
        swapping.unlock();
    }

    private static void file(Path name, Path target) throws IOException {
        Path aside = name.resolveSibling("aside");
        Path link = name.resolveSibling("link");
        Files.move(name, aside, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        Files.createSymbolicLink(name, target);
        Files.move(name, link, StandardCopyOption.ATOMIC_MOVE);
        Files.move(aside, name, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(link);
    }

    private static void swapFolder(Path name, Path target) throws IOException {
        Path aside = name.resolveSibling("aside");
        Files.move(name, aside, StandardCopyOption.ATOMIC_MOVE);
        Files.createSymbolicLink(name, target);
        Files.delete(name);
        Files.move(aside, name, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Owner, mode and time of change of everything of the victim's.
    private Map<String, String> states() throws IOException {
        Map<String, String> states = new TreeMap<>();
        try (Stream<Path> files = Files.walk(victim)) {
            for (Path file : files.toList()) {
                Map<String, Object> unix =
                        Files.readAttributes(file, "unix:uid,gid,mode,ctime", LinkOption.NOFOLLOW_LINKS);
                states.put(file.toString(), new TreeMap<>(unix).toString());
            }
        }
        return states;
    }
}
