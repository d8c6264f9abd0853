package io.etcdmedic.shell.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.etcd.RealCluster;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.ForwardingKeyspace;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Memory;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Write;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What Tab offers, how much it reads for that, and that it waits for nobody.
class CompletionTest {
    @TempDir
    private Path folder;

    /// A hundred thousand keys in three folders are some hundred that are read, and at the same revision none.
    @Test
    void aFolderIsSkippedOnceItHasShownItself() {
        AtomicInteger read = new AtomicInteger();
        try (TabKey tab = TabKey.over(counted(100_000, read))) {
            assertThat(await(tab, "get /registry/", "/registry/pods/"))
                    .contains("/registry/configmaps/", "/registry/leases/", "/registry/pods/");
            assertThat(read.get()).isLessThan(1_000);
            int before = read.get();
            tab.ran();
            assertThat(await(tab, "get /registry/", "/registry/pods/")).contains("/registry/leases/");
            assertThat(read.get()).isEqualTo(before);
        }
    }

    /// Of the thirty thousand in one folder a thousand are offered; one more letter narrows them down.
    @Test
    void oneFolderOfManyIsNotReadToItsEnd() {
        AtomicInteger read = new AtomicInteger();
        try (TabKey tab = TabKey.over(counted(100_000, read))) {
            assertThat(await(tab, "get /registry/pods/shop/", "/registry/pods/shop/name-00000"))
                    .hasSizeBetween(900, 1_100);
            assertThat(await(tab, "get pods -n shop name-3333", "name-33330"))
                    .containsExactly("name-33330", "name-33331", "name-33332");
            assertThat(read.get()).isLessThan(2_000);
        }
    }

    /// What is offered is what commands read: a backslash of a key is doubled, one of an escape is not.
    @Test
    void backslashesOfKeysAndOfEscapes() {
        List<Write> writes = new ArrayList<>();
        for (String name : List.of("a\\x41", "aA", "a\u0001", "a\\b")) {
            writes.add(new Write.Put(Key.of("/registry/configmaps/shop/" + name), Bytes.EMPTY, LeaseId.NONE));
        }
        try (TabKey tab = TabKey.over(new ForwardingKeyspace(Memory.after(List.of(writes))) {})) {
            String folder = "/registry/configmaps/shop/";
            assertThat(await(tab, "get " + folder, folder + "aA"))
                    .containsExactlyInAnyOrder(
                            folder + "a\\\\x41", folder + "aA", folder + "a\\x01", folder + "a\\\\b");
            assertThat(await(tab, "get cm -n shop a", "aA")).hasSize(4);
            assertThat(await(tab, "get cm -n shop 'a\\\\", "a\\\\b")).containsExactlyInAnyOrder("a\\\\b", "a\\\\x41");
            assertThat(await(tab, "get cm -n shop a\\", "a\\x01")).hasSize(3);
            assertThat(await(tab, "get -n shop cm/a\\x0", "cm/a\\x01")).containsExactly("cm/a\\x01");
            assertThat(tab.press("get cm -n shop a\\z")).isEmpty();
        }
    }

    /// What lies on this machine: connections, changes that can be undone, and the words of one command.
    @Test
    void whatWasSavedIsOffered() throws Exception {
        Path profiles = folder.resolve("config/etcd-medic/profiles.yaml");
        Files.createDirectories(profiles.getParent());
        Files.writeString(profiles, "profiles:\n  prod:\n    endpoints: [https://10.0.0.1:2379]\n  lab: {}\n");
        Files.setPosixFilePermissions(profiles, PosixFilePermissions.fromString("rw-------"));
        Map<String, String> environment =
                Map.of("XDG_CONFIG_HOME", folder + "/config", "XDG_STATE_HOME", folder + "/state");
        String snapshot = "src/test/resources/fixtures/kubernetes-1.36/snapshot.db";
        try (TabKey tab = TabKey.at(List.of("--snapshot", snapshot), environment)) {
            assertThat(await(tab, "use p", "prod")).containsOnlyOnce("prod").doesNotContain("lab");
            assertThat(await(tab, "get x --profile ", "lab")).containsExactlyInAnyOrder("prod", "lab");
            assertThat(await(tab, "get x --profile=l", "--profile=lab")).containsExactly("--profile=lab");
            assertThat(await(tab, "profile show ", "lab")).containsExactlyInAnyOrder("prod", "lab");
            assertThat(tab.press("undo ")).isEmpty();
        }
        try (TabKey tab = TabKey.at(List.of("--snapshot", snapshot), Map.of())) {
            assertThat(tab.press("undo ")).isEmpty();
            assertThat(tab.press("profile show p")).isEmpty();
        }
    }

    /// A server that answers nobody, to a client that would wait for ten minutes.
    @Test
    @Timeout(120)
    void aSilentServerKeepsNobodyWaiting() throws Exception {
        Files.writeString(folder.resolve("nightly.db"), "");
        try (RealCluster cluster = RealCluster.start(RealCluster.binaries().getFirst(), folder.resolve("etcd"), 1)) {
            List<String> words = new ArrayList<>(cluster.options());
            words.addAll(List.of("--command-timeout", "10m", "--etcd-prefix", "/registry"));
            cluster.etcdctl("put", "/registry/pods/shop/web", "x");
            try (TabKey tab = TabKey.at(words)) {
                assertThat(await(tab, "get /registry/pods/shop/", "/registry/pods/shop/web"))
                        .hasSize(1);
                cluster.signal(0, "STOP");
                for (String line : List.of("get /registry/", "get /registry/pods/", "get pods -n ", "get pods w")) {
                    assertThat(tab.press(line)).as(line).noneMatch(offered -> offered.startsWith("/"));
                }
                // What does not come from the source is offered all the same; so is what is known of it.
                assertThat(tab.press("get pod")).contains("pods", "poddisruptionbudgets");
                assertThat(tab.press("snap")).contains("snapshot");
                assertThat(tab.press("get --show-s")).containsExactly("--show-secrets");
                assertThat(tab.press("decode " + folder + "/nigh")).containsExactly(folder + "/nightly.db");
                assertThat(tab.press("get /registry/pods/shop/")).containsExactly("/registry/pods/shop/web");
                cluster.signal(0, "CONT");
                assertThat(await(tab, "get /registry/", "/registry/pods/")).contains("/registry/pods/");
            }
        }
    }

    /// What failed is asked for again at the next Tab, without a command in between.
    @Test
    @Timeout(120)
    void aServerThatCameBackIsAskedAgain() throws Exception {
        try (RealCluster cluster = RealCluster.start(RealCluster.binaries().getFirst(), folder.resolve("etcd"), 1)) {
            cluster.etcdctl("put", "/registry/pods/shop/web", "x");
            List<String> words = new ArrayList<>(cluster.options());
            words.addAll(List.of("--command-timeout", "300ms", "--dial-timeout", "300ms"));
            cluster.stopMember(0);
            try (TabKey tab = TabKey.at(words)) {
                for (int i = 0; i < 5; i++) {
                    assertThat(tab.press("get /registry/pods/shop/")).noneMatch(offered -> offered.startsWith("/"));
                }
                cluster.startMember(0);
                assertThat(await(tab, "get /registry/pods/shop/", "/registry/pods/shop/web"))
                        .contains("/registry/pods/shop/web");
            }
        }
    }

    /// Presses Tab until `wanted` is offered: a name that does not come in time is there at one of the next.
    private static List<String> await(TabKey tab, String line, String wanted) {
        List<String> offered = tab.press(line);
        for (int i = 0; i < 100 && !offered.contains(wanted); i++) {
            tab.settle();
            offered = tab.press(line);
        }
        tab.settle();
        offered = tab.press(line);
        assertThat(offered).as(line).contains(wanted);
        return offered;
    }

    /// So many keys in three folders, whose reader counts.
    private static ForwardingKeyspace counted(int keys, AtomicInteger read) {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            String kind = List.of("configmaps", "leases", "pods").get(i % 3);
            writes.add(new Write.Put(
                    Key.of("/registry/" + kind + "/shop/name-%05d".formatted(i / 3)), Bytes.EMPTY, LeaseId.NONE));
        }
        return new ForwardingKeyspace(Memory.after(List.of(writes))) {
            @Override
            public Entries scan(KeyRange range, Scan scan) {
                return counting(super.scan(range, scan), read);
            }
        };
    }

    private static Entries counting(Entries entries, AtomicInteger read) {
        return new Entries() {
            @Override
            public Revision revision() {
                return entries.revision();
            }

            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public Entry next() {
                int _ = read.incrementAndGet();
                return entries.next();
            }

            @Override
            public void close() {
                entries.close();
            }
        };
    }
}
