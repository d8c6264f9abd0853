package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.etcd.TestPki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The ways in which a kubeconfig says who asks, and those in which it says it wrongly: a kube-apiserver that does
/// not know us is none that is down.
///
/// Slow (half a minute): a kube-apiserver has to start.
@Tag("long")
class KubeconfigsOnRealApiServerTest {
    private static final Path BROKEN = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private static final List<KubeProcess> RUNNING = new ArrayList<>();

    @TempDir
    Path folder = Path.of("");

    @BeforeAll
    static void start() {
        RUNNING.add(KubeProcess.over(BROKEN));
        RUNNING.getFirst().startApiServer("10.43.0.0/16");
    }

    @AfterAll
    static void stop() {
        RUNNING.forEach(KubeProcess::close);
    }

    @Test
    void takesEveryWayToSayWhoAsks() throws IOException {
        works(
                "certificate",
                cluster(),
                "client-certificate: " + file("admin.pem") + ", client-key: " + file("admin.key"));
        works(
                "data",
                "server: \"" + server() + "\", certificate-authority-data: " + data("ca.pem"),
                "client-certificate-data: " + data("admin.pem") + ", client-key-data: " + data("admin.key"));
        works("token", cluster(), "token: " + KubeProcess.TOKEN);
        Path token = folder.resolve("token");
        Files.writeString(token, KubeProcess.TOKEN);
        works("tokenFile", cluster(), "tokenFile: " + token);
        works("server name", cluster() + ", tls-server-name: localhost", "token: " + KubeProcess.TOKEN);
        works(
                "no verification",
                "server: \"" + server() + "\", insecure-skip-tls-verify: true",
                "token: " + KubeProcess.TOKEN);
        for (String version : List.of("v1", "v1beta1")) {
            works("exec " + version, cluster(), exec(version, "\"token\":\"" + KubeProcess.TOKEN + "\""));
        }
        works(
                "exec with a certificate",
                cluster(),
                exec(
                        "v1",
                        "\"clientCertificateData\":" + quoted("admin.pem") + ",\"clientKeyData\":"
                                + quoted("admin.key")));
    }

    @Test
    void saysThatItIsNotKnownAndTakesItForNoApiThatIsDown() throws IOException, InterruptedException {
        refused("token", cluster(), "token: wrong", 6, "401");
        refused("nobody", cluster(), "{}", 2, "nothing in it says who asks");
        refused("password", cluster(), "username: admin, password: secret", 6, "403");
        refused("exec that fails", cluster(), exec("v1", ""), 2, "nothing in it says who asks");
        TestPki.openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=other",
                "-keyout",
                folder.resolve("other.key").toString(),
                "-out",
                folder.resolve("other.pem").toString());
        refused(
                "another authority",
                "server: \"" + server() + "\", certificate-authority: " + folder.resolve("other.pem"),
                "token: " + KubeProcess.TOKEN,
                2,
                "the server's certificate is not trusted");
        refused(
                "a certificate of another authority",
                cluster(),
                "client-certificate: " + folder.resolve("other.pem") + ", client-key: " + folder.resolve("other.key"),
                6,
                "401");
    }

    private void works(String what, String cluster, String user) throws IOException {
        Ran ran = plan(cluster, user);
        assertThat(ran.status()).as(what + ": " + ran.stderr()).isZero();
        assertThat(Files.readString(folder.resolve("plan"))).contains("create ipaddress 10.43.52.244");
    }

    private void refused(String what, String cluster, String user, int status, String because) throws IOException {
        Ran ran = plan(cluster, user);
        assertThat(ran.status()).as(what + ": " + ran.stderr()).isEqualTo(status);
        assertThat(ran.stderr()).as(what).contains(because);
    }

    private Ran plan(String cluster, String user) throws IOException {
        Path kubeconfig = folder.resolve("kubeconfig");
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                clusters: [{name: lab, cluster: {%s}}]
                users: [{name: admin, user: %s}]
                contexts: [{name: lab, context: {cluster: lab, user: admin}}]
                current-context: lab
                """.formatted(cluster, user.startsWith("{") ? user : "{" + user + "}"));
        Path plan = folder.resolve("plan");
        Files.deleteIfExists(plan);
        Files.deleteIfExists(folder.resolve("plan.values"));
        return Ran.of(
                "--endpoints",
                RUNNING.getFirst().endpoint(),
                "--kubeconfig",
                kubeconfig.toString(),
                "--state-dir",
                folder.resolve("state").toString(),
                "fix",
                "servicecidr",
                "--plan",
                plan.toString());
    }

    private String exec(String version, String status) throws IOException {
        Path script = folder.resolve("credentials-" + version + status.length());
        String answer = "{\"apiVersion\":\"client.authentication.k8s.io/" + version
                + "\",\"kind\":\"ExecCredential\",\"status\":{" + status + "}}";
        Files.writeString(
                script, "#!/bin/sh\n" + (status.isEmpty() ? "exit 3" : "cat <<'E'\n" + answer + "\nE") + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return "exec: {apiVersion: client.authentication.k8s.io/" + version + ", command: " + script
                + ", interactiveMode: Never}";
    }

    private static String cluster() {
        return "server: \"" + server() + "\", certificate-authority: " + file("ca.pem");
    }

    private static String server() {
        return RUNNING.getFirst().server();
    }

    private static Path file(String name) {
        return RUNNING.getFirst().kubeconfig().resolveSibling(name);
    }

    private static String data(String name) throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(file(name)));
    }

    private static String quoted(String name) throws IOException {
        return io.etcdmedic.document.Json.compact(
                new io.etcdmedic.document.Document.Text(Files.readString(file(name))));
    }
}
