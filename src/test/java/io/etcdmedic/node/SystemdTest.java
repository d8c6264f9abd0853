package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the node's commands take from a real systemd. Each run is a virtual machine of Java inside its namespaces.
@Tag("long")
class SystemdTest {
    private static final String UNIT = "/etc/systemd/system/kube-apiserver.service";

    @TempDir
    Path folder = Path.of("");

    private SystemdLab systemd = SystemdLab.none();

    @BeforeEach
    void aNodeWithDropInsInThreeFolders() throws IOException {
        systemd = SystemdLab.boot(folder.toRealPath());
        String classes = SystemdLab.classes().split(":", 2)[0];
        assumeTrue(systemd.has(classes), "SKIPPED: " + classes + " is on a file system that the overlay does not show");
        Path root = Files.createDirectory(folder.resolve("root"));
        RkeTree tree = RkeTree.make(root).right();
        tree.group(RkeTree.ssl("kube-apiserver-key.pem"), 0, 777, 0440);
        tree.group(RkeTree.ssl("kube-node-key.pem"), 0, 778, 0440);
        systemd.tree(root.resolve("etc/kubernetes"), "/etc/kubernetes");
        systemd.in("sed", "-i", "/^\\(etcd\\|kubernetes\\|certs\\|nodes\\):/d", "/etc/passwd", "/etc/group");
        systemd.append("/etc/passwd", "kubernetes:x:988:988::/:/bin/false\netcd:x:989:989::/:/bin/false\n");
        systemd.append("/etc/group", "kubernetes:x:988:\netcd:x:989:\ncerts:x:777:\nnodes:x:778:kubernetes\n");
        systemd.file(UNIT, """
                        [Service]
                        User=nobody
                        Environment=RANGE=10.0.0.0/24 "EXTRA=--v=2 --anonymous-auth=false"
                        EnvironmentFile=-/etc/kubernetes/apiserver.env
                        ExecStart=/opt/kube-apiserver --old
                        """)
                .file("/etc/kubernetes/apiserver.env", "RANGE='10.43.0.0/16'\n")
                .file("/etc/systemd/system/kube-.service.d/10-user.conf", "[Service]\nUser=kubernetes\n")
                .file("/run/systemd/system/kube-apiserver.service.d/50-start.conf", """
                        [Service]
                        ExecStart=
                        ExecStart=/opt/kube-apiserver --service-cluster-ip-range=${RANGE} $EXTRA \\
                          "--tls-private-key-file=/etc/kubernetes/ssl/kube-apiserver-key.pem" '--two=a b' --n=%n --p=100%%
                        """)
                .file("/etc/systemd/system/service.d/20.conf", "[Service]\nSupplementaryGroups=certs\n");
        systemd.in("systemctl", "daemon-reload");
        // Systemd forgets a service that does not run, and reads it again when it is asked.
        systemd.file("/opt/kube-apiserver", "#!/bin/sh\nexec sleep 1000\n").in("chmod", "755", "/opt/kube-apiserver");
        systemd.in("systemctl", "start", "kube-apiserver");
    }

    @AfterEach
    void down() {
        systemd.close();
    }

    @Test
    void theEffectiveUnitIsWhatSystemdLoadedAndWhatTheFilesSay() {
        Document told = apiserver(systemd.medic("node", "inspect", "-o", "json"));

        assertThat(told.text("saidBy")).hasValue("systemd");
        assertThat(told.text("user")).hasValue("kubernetes");
        assertThat(told.texts("supplementaryGroups")).containsExactly("certs");
        assertThat(told.text("flags", "service-cluster-ip-range")).hasValue("10.43.0.0/16");
        assertThat(told.text("flags", "anonymous-auth")).hasValue("false");
        assertThat(told.text("flags", "two")).hasValue("a b");
        assertThat(told.text("flags", "n")).hasValue("kube-apiserver.service");
        assertThat(told.text("flags", "p")).hasValue("100%");
        assertThat(told.at("flags", "old")).isEmpty();

        systemd.in("mount", "--bind", "/", "/mnt");
        systemd.in("mount", "--bind", "/run", "/mnt/run");
        Document read = apiserver(systemd.medic("node", "inspect", "-o", "json", "--root", "/mnt"));
        assertThat(read.text("saidBy")).hasValue("its files");
        for (String field : List.of("user", "group", "supplementaryGroups", "dropIns", "flags", "where")) {
            assertThat(read.at(field)).as(field).isEqualTo(told.at(field));
        }
    }

    @Test
    void aChangeThatSystemdHasNotReadIsSaidAndDoesNotCount() throws IOException {
        systemd.file("/etc/systemd/system/kube-apiserver.service.d/99.conf", "[Service]\nUser=root\n");

        String inspected = systemd.medic("node", "inspect", "-o", "json");

        assertThat(apiserver(inspected).text("user")).hasValue("kubernetes");
        assertThat(inspected).contains("systemctl daemon-reload");
        systemd.in("systemctl", "daemon-reload");
        inspected = systemd.medic("node", "inspect", "-o", "json");
        assertThat(apiserver(inspected).text("user")).hasValue("root");
        assertThat(inspected).doesNotContain("systemctl daemon-reload");

        systemd.in("systemctl", "stop", "kube-apiserver");
        systemd.in("ln", "-sf", "/dev/null", UNIT);
        systemd.in("systemctl", "daemon-reload");
        assertThat(Json.read(systemd.medic("node", "inspect", "-o", "json")).list("parts"))
                .noneMatch(part -> part.text("component").orElse("").equals("kube-apiserver"));
    }

    /// `kube-node-key.pem` is for the group that /etc/group gives the user, `kube-apiserver-key.pem` for the
    /// unit's.
    @Test
    void accessIsThatOfTheUnitsUserAndGroupsAndTheSavedFactsSayTheSame() throws IOException {
        assertThat(systemd.in(
                        "systemd-run",
                        "--wait",
                        "--pipe",
                        "-q",
                        "-p",
                        "User=kubernetes",
                        "-p",
                        "SupplementaryGroups=certs",
                        "cat",
                        "/etc/kubernetes/ssl/kube-apiserver-key.pem"))
                .contains("PRIVATE KEY");
        String live = systemd.medic("node", "certs", "check", "-o", "json");
        assertThat(denied(live)).isEmpty();

        systemd.medic("node", "inspect", "--save", "/var/lib/facts");
        systemd.in("rm", "/etc/systemd/system/service.d/20.conf");
        systemd.in("systemctl", "daemon-reload");
        String saved = systemd.medic("node", "certs", "check", "-o", "json", "--facts", "/var/lib/facts");
        assertThat(Json.read(saved).at("findings")).isEqualTo(Json.read(live).at("findings"));

        assertThat(denied(systemd.medic("node", "certs", "check", "-o", "json")))
                .containsExactly("/etc/kubernetes/ssl/kube-apiserver-key.pem");
    }

    private static List<String> denied(String report) {
        return Json.read(report).list("findings").stream()
                .filter(f -> f.text("evidence").orElse("").contains("cannot read it"))
                .map(f -> f.text("subject").orElse(""))
                .toList();
    }

    private static Document apiserver(String report) {
        return Json.read(report).list("parts").stream()
                .filter(part -> part.text("component").orElse("").equals("kube-apiserver"))
                .findFirst()
                .orElseThrow();
    }
}
