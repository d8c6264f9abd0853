package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.etcd.RealCluster;
import io.etcdmedic.snapshot.RealEtcd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands on a live cluster of three members that want client certificates: starting it takes two seconds.
class LiveCommandsTest {
    private static final String CONFIG_MAP = """
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"shop"},"data":{"a":"%s"}}""";

    @TempDir
    static Path folder = Path.of("");

    private static RealCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = RealCluster.start(RealCluster.binaries().getLast(), folder.resolve("cluster"), 3);
        cluster.etcdctl("put", "/registry/namespaces/kube-system", "{}");
        cluster.etcdctl("put", "/registry/configmaps/shop/c", CONFIG_MAP.formatted("1"));
        cluster.etcdctl("put", "/registry/configmaps/shop/c", CONFIG_MAP.formatted("2"));
        cluster.etcdctl("put", "/registry/secrets/shop/s", CONFIG_MAP.formatted("hidden"));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Ran medic(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(cluster.options());
        return Ran.of(all.toArray(String[]::new));
    }

    @Test
    void statusShowsEachMember() {
        Ran ran = medic("status");
        assertThat(ran.status()).as(ran.stderr()).isZero();
        assertThat(ran.text())
                .contains("equal on 3 members")
                .containsOnlyOnce("leader")
                .contains("follower")
                .contains("CERTIFICATE UNTIL", "REVISION", "APPLIED", "IN USE");
        assertThat(ran.stderr()).contains("our client certificate ends on");
        assertThat(medic("members", "-o", "jsonl").text().lines()).hasSize(3);
        assertThat(medic("alarms").status()).isZero();
    }

    @Test
    void aKeyIsReadAndItsHistoryToo() {
        assertThat(medic("get", "/registry/configmaps/shop/c", "-o", "raw").text())
                .contains("\"2\"");
        assertThat(medic("get", "cm", "c", "-n", "shop", "-o", "json").text()).contains("\"a\": \"2\"");
        assertThat(medic("history", "cm", "c", "-n", "shop", "-o", "jsonl")
                        .text()
                        .lines())
                .hasSize(2);
        Ran absent = medic("get", "/registry/configmaps/shop/other");
        assertThat(absent.status()).isEqualTo(1);
        assertThat(absent.stderr()).contains("/registry/configmaps/shop/");
    }

    @Test
    void watchShowsKubectlsTable() throws Exception {
        String pod = """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","namespace":"shop","labels":{"app":"%s"}},\
                "spec":{"nodeName":"n1","containers":[{"name":"c"}]},"status":{"phase":"%s"}}""";
        long before = Long.parseLong(rows(List.of(), "get", "/registry/secrets/shop/s", "-o", "meta")
                .getLast()
                .split(" ", -1)[1]);
        cluster.etcdctl("put", "/registry/pods/shop/a", pod.formatted("a", "web", "Pending"));
        cluster.etcdctl("put", "/registry/pods/shop/b", pod.formatted("b", "db", "Running"));
        cluster.etcdctl("put", "/registry/pods/shop/a", pod.formatted("a", "web", "Running"));
        cluster.etcdctl("put", "/registry/pods/shop/a", pod.formatted("a", "none", "Running"));
        cluster.etcdctl("del", "/registry/pods/shop/b");
        List<String> from = List.of("--from-revision", Long.toString(before + 1));
        assertThat(rows(from, "watch", "pods", "-A", "--count", "5"))
                .containsExactly(
                        "NAMESPACE NAME READY STATUS RESTARTS AGE",
                        "shop a 0/1 Pending 0 <unknown>",
                        "shop b 0/1 Running 0 <unknown>",
                        "shop a 0/1 Running 0 <unknown>",
                        "shop a 0/1 Running 0 <unknown>",
                        "shop b 0/1 Running 0 <unknown>");
        assertThat(rows(from, "watch", "pods", "-n", "shop", "-l", "app=web", "--count", "3", "--output-watch-events"))
                .containsExactly(
                        "EVENT NAME READY STATUS RESTARTS AGE",
                        "ADDED a 0/1 Pending 0 <unknown>",
                        "MODIFIED a 0/1 Running 0 <unknown>",
                        "DELETED a 0/1 Running 0 <unknown>");
        assertThat(rows(from, "watch", "pod", "b", "-n", "shop", "-o", "wide", "--count", "1", "--no-headers"))
                .containsExactly("b 0/1 Running 0 <unknown> <none> n1 <none> <none>");
        assertThat(rows(
                        from,
                        "watch",
                        "pods",
                        "-n",
                        "shop",
                        "--field-selector",
                        "metadata.name=b",
                        "--count",
                        "2",
                        "-o",
                        "json"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("/registry/pods/shop/b"));
        assertThat(rows(List.of(), "get", "pods", "-A", "-o", "name")).containsExactly("pod/a");
    }

    private static List<String> rows(List<String> more, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(more);
        Ran ran = medic(all.toArray(String[]::new));
        assertThat(ran.status()).as(ran.stderr()).isZero();
        return ran.text().lines().map(l -> l.replaceAll(" +", " ").strip()).toList();
    }

    @Test
    void aUserWithARoleForAPartReadsThatPart() throws Exception {
        try (RealEtcd etcd = RealEtcd.start(RealCluster.binaries().getFirst(), folder.resolve("auth"), List.of())) {
            for (List<String> command : List.of(
                    List.of("put", "/registry/configmaps/shop/c", CONFIG_MAP.formatted("1")),
                    List.of("put", "/registry/secrets/shop/s", "hidden"),
                    List.of("user", "add", "root:secret"),
                    List.of("user", "grant-role", "root", "root"),
                    List.of("role", "add", "reader"),
                    List.of("role", "grant-permission", "reader", "--prefix=true", "read", "/registry/configmaps/"),
                    List.of("user", "add", "eve:evil"),
                    List.of("user", "grant-role", "eve", "reader"),
                    List.of("auth", "enable"))) {
                etcd.etcdctl(command);
            }
            Path password = Files.writeString(folder.resolve("password"), "evil");
            Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
            String[] eve = {"--endpoints", etcd.endpoint(), "--user", "eve", "--password-file", password.toString()};
            Ran part = Ran.of(with(eve, "get", "cm", "c", "-n", "shop", "-o", "name"));
            assertThat(part.status()).as(part.stderr()).isZero();
            Ran denied = Ran.of(with(eve, "ls", "/registry/secrets/"));
            assertThat(denied.status()).isEqualTo(6);
            assertThat(denied.stderr()).contains("denies it to the user eve").doesNotContain("kube-system");
            Ran nobody = Ran.of("ls", "/", "--endpoints", etcd.endpoint(), "--password-file", password.toString());
            assertThat(nobody.status()).isEqualTo(2);
            assertThat(nobody.stderr()).contains("a password and no user");
            Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
            Ran open = Ran.of(with(eve, "ls", "/registry/configmaps/"));
            assertThat(open.status()).isEqualTo(2);
            assertThat(open.stderr()).contains("others can read " + password, "0644", "chmod 600");
            etcd.etcdctl(List.of("auth", "disable", "--user", "root:secret"));
            Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
            Ran needless = Ran.of(with(eve, "ls", "/registry/configmaps/"));
            assertThat(needless.status()).isEqualTo(6);
            assertThat(needless.stderr()).contains("authentication is off", "leave --user away");
            Ran closed = Ran.of("ls", "/", "--endpoints", etcd.endpoint(), "--user", "eve", "--password-fd", "987");
            assertThat(closed.status()).isEqualTo(2);
            assertThat(closed.stderr()).contains("descriptor 987", "it is not open");
        }
    }

    private static String[] with(String[] options, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }

    @Test
    void twoKeysAreTwoKeys() {
        Ran ran = medic("get", "/registry/configmaps/shop/c", "/registry/secrets/shop/s", "-o", "meta");
        assertThat(ran.text().lines()).hasSize(3);
    }

    @Test
    void watchShowsWhatWasThereBefore() {
        Ran ran = medic("watch", "--from-revision", "2", "--count", "4");
        assertThat(ran.status()).as(ran.stderr()).isZero();
        assertThat(ran.text())
                .contains("create /registry/configmaps/shop/c")
                .contains("data.a: \"1\" -> \"2\"")
                .doesNotContain("hidden");
        Ran data = medic("watch", "--from-revision", "4", "--count", "1", "-o", "jsonl", "--all");
        assertThat(data.text()).contains("\"type\":\"PUT\"", "\"previous\":{", "\"revision\":4");
        assertThat(medic("watch", "--from-revision", "2", "--count", "4", "-o", "jsonl")
                        .text())
                .doesNotContain("hidden");
    }

    @Test
    void leasesNameTheirTimeAndKeys() throws Exception {
        String lease = cluster.etcdctl("lease", "grant", "600").split(" ")[1];
        cluster.etcdctl("put", "--lease=" + lease, "/registry/masterleases/10.0.0.1", "x");
        Ran ran = medic("leases");
        assertThat(ran.text()).contains(lease).contains("600").contains("masterleases");
    }

    @Test
    void aSnapshotIsWholeAndPrivateAndNeverOverwrites() throws Exception {
        Path file = folder.resolve("saved.db");
        Ran saved = medic("snapshot", "save", file.toString());
        assertThat(saved.status()).as(saved.stderr()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Ran.of("snapshot", "verify", file.toString()).status()).isZero();
        assertThat(Ran.of("get", "cm", "c", "-n", "shop", "-o", "raw", "--snapshot", file.toString())
                        .text())
                .contains("\"2\"");
        Ran again = medic("snapshot", "save", file.toString());
        assertThat(again.status()).isEqualTo(2);
        assertThat(again.stderr()).contains("it exists already", "choose another name");
        try (var left = Files.list(folder)) {
            assertThat(left.map(p -> p.getFileName().toString())).noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    @Test
    void whatAsksForLessSafetyIsRefused() {
        assertThat(Ran.of("ls", "--endpoints", "http://192.0.2.1:2379").status())
                .isEqualTo(2);
        Ran user = medic("get", "/a", "--user", "root:secret");
        assertThat(user.status()).isEqualTo(2);
        assertThat(user.stderr()).contains("NAME:PASSWORD").doesNotContain("secret");
    }
}
