package io.etcdmedic.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.WritePermit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What only a kube-apiserver of another version says, and only a proxy in front of one asks for.
class KubeApiTest {
    /// What 1.31 and 1.32 say: networking.k8s.io/v1 is there, and ServiceCIDR is not in it.
    private static final Map<String, String> BEFORE_133 = Map.of(
            "/apis/networking.k8s.io",
            """
            {"kind":"APIGroup","apiVersion":"v1","name":"networking.k8s.io","versions":[
             {"groupVersion":"networking.k8s.io/v1","version":"v1"},
             {"groupVersion":"networking.k8s.io/v1beta1","version":"v1beta1"}],
             "preferredVersion":{"groupVersion":"networking.k8s.io/v1","version":"v1"}}""",
            "/apis/networking.k8s.io/v1",
            """
            {"kind":"APIResourceList","groupVersion":"networking.k8s.io/v1","resources":[
             {"name":"ingresses","namespaced":true,"kind":"Ingress","verbs":["get"]}]}""",
            "/apis/networking.k8s.io/v1beta1",
            """
            {"kind":"APIResourceList","groupVersion":"networking.k8s.io/v1beta1","resources":[
             {"name":"servicecidrs","namespaced":false,"kind":"ServiceCIDR","verbs":["get"]},
             {"name":"ipaddresses","namespaced":false,"kind":"IPAddress","verbs":["get"]}]}""",
            "/version",
            """
            {"major":"1","minor":"32+","gitVersion":"v1.32.9-rancher1"}""");

    @TempDir
    Path folder = Path.of("");

    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    @Test
    void findsTheOnlyVersionThatServesTheRange() throws IOException {
        HttpServer server = serving(BEFORE_133);
        try (KubeApi api = KubeApi.open(kubeconfig(server, "token: t"))) {
            assertThat(api.servedVersion("networking.k8s.io", "servicecidrs")).contains("v1beta1");
            assertThat(api.servedVersion("networking.k8s.io", "ipaddresses")).contains("v1beta1");
            assertThat(api.servedVersion("networking.k8s.io", "ingresses")).contains("v1");
            assertThat(api.servedVersion("networking.k8s.io", "ghosts")).isEmpty();
            assertThat(api.version()).isEqualTo("v1.32.9-rancher1");
            assertThat(authorizations).isNotEmpty().allMatch("Bearer t"::equals);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void sendsThePasswordThatAProxyAsksFor() throws IOException {
        HttpServer server = serving(BEFORE_133);
        try (KubeApi api = KubeApi.open(kubeconfig(server, "username: admin, password: secret"))) {
            assertThat(api.version()).isEqualTo("v1.32.9-rancher1");
            assertThat(authorizations).containsExactly("Basic YWRtaW46c2VjcmV0");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void saysWhatAKubeconfigLacks() throws IOException {
        HttpServer server = serving(Map.of());
        try {
            assertThatThrownBy(() -> KubeApi.open(kubeconfig(server, "")))
                    .isInstanceOf(Failure.Usage.class)
                    .hasMessageContaining("nothing in it says who asks");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void saysWhyNobodyAnswers() throws IOException {
        try (KubeApi api = KubeApi.open(kubeconfig("server: \"http://127.0.0.1:9\"", "token: t"))) {
            assertThat(api.silence()).contains("the connection is refused");
            assertThat(api.readyForUs()).isFalse();
        }
    }

    /// As `cd ~/.kube; medic … --kubeconfig config` names it; its certificates lie beside it.
    @Test
    void aFileOfThisFolderIsNamedByItsNameAlone() throws IOException {
        ApiAccess.Kubeconfig made = (ApiAccess.Kubeconfig) kubeconfig("server: 'https://127.0.0.1:1'", "token: t");
        Path here = Files.createTempFile(Path.of("").toAbsolutePath(), "kubeconfig", ".tmp");
        try {
            Files.copy(made.file(), here, StandardCopyOption.REPLACE_EXISTING);
            Path bare = Path.of("").toAbsolutePath().relativize(here);
            assertThat(bare.getNameCount()).isEqualTo(1);
            try (KubeApi api = KubeApi.open(new ApiAccess.Kubeconfig(bare, Optional.empty()))) {
                assertThat(api.silence()).contains("the connection is refused");
            }
        } finally {
            Files.delete(here);
        }
    }

    @Test
    void takesTheFileOfAListThatNamesTheContext() throws IOException {
        Path first = Files.writeString(folder.resolve("first"), "contexts: [{name: a}]\n");
        Path second = Files.writeString(folder.resolve("second"), "contexts: [{name: b}]\ncurrent-context: b\n");
        Map<String, String> environment = Map.of("KUBECONFIG", folder.resolve("none") + ":" + first + ":" + second);
        for (Optional<String> context : List.of(Optional.<String>empty(), Optional.of("b"))) {
            assertThat(ApiAccess.of(Optional.empty(), context, environment))
                    .contains(new ApiAccess.Kubeconfig(second, context));
        }
        for (String context : List.of("a", "nobody")) {
            assertThat(ApiAccess.of(Optional.empty(), Optional.of(context), environment))
                    .contains(new ApiAccess.Kubeconfig(first, Optional.of(context)));
        }
    }

    /// Whatever a server invites to: what is sent again, the engine decides.
    @Test
    void aChangeIsSentOnceAlsoWhenTheServerInvitesToSendItAgain() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            int _ = asked.incrementAndGet();
            exchange.getResponseHeaders().add("Retry-After", "0");
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        server.start();
        try (KubeApi api = KubeApi.open(kubeconfig(server, "token: t"))) {
            ApiName name = new ApiName("", "v1", "services", "shop", "web");
            assertThatThrownBy(() -> api.create(name, Bytes.utf8("{}"), new WritePermit("p", Set.of())))
                    .isInstanceOf(Failure.class);
            assertThat(asked).hasValue(1);
            assertThat(api.silence()).contains("/readyz says 503");
        } finally {
            server.stop(0);
        }
    }

    /// The server's own address leads nowhere: only the proxy does.
    @Test
    void goesThroughTheProxyThatTheKubeconfigNames() throws IOException {
        HttpServer proxy = serving(BEFORE_133);
        String url = "proxy-url: \"http://127.0.0.1:" + proxy.getAddress().getPort() + "\"";
        try (KubeApi api = KubeApi.open(kubeconfig("server: \"http://192.0.2.1:1\", " + url, "token: t"))) {
            assertThat(api.version()).isEqualTo("v1.32.9-rancher1");
        } finally {
            proxy.stop(0);
        }
    }

    @Test
    void doesNotGoPastAProxyThatItCannotUse() {
        for (String url : List.of("https://proxy:3128", "socks5://me:secret@proxy", "ftp://proxy", "proxy")) {
            assertThatThrownBy(() -> KubeApi.open(
                            kubeconfig("server: \"http://192.0.2.1:1\", proxy-url: \"" + url + "\"", "token: t")))
                    .isInstanceOf(Failure.Usage.class)
                    .hasMessageContaining("its proxy-url is ")
                    .hasMessageNotContaining("secret");
        }
    }

    private HttpServer serving(Map<String, String> answers) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            authorizations.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
            String answer = answers.get(exchange.getRequestURI().getPath());
            byte[] body =
                    (answer == null ? "{\"kind\":\"Status\",\"code\":404}" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private ApiAccess kubeconfig(HttpServer server, String user) throws IOException {
        return kubeconfig("server: \"http://127.0.0.1:" + server.getAddress().getPort() + "\"", user);
    }

    private ApiAccess kubeconfig(String cluster, String user) throws IOException {
        Path file = folder.resolve("kubeconfig");
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters: [{name: lab, cluster: {%s}}]
                users: [{name: admin, user: {%s}}]
                contexts: [{name: lab, context: {cluster: lab, user: admin}}]
                current-context: lab
                """.formatted(cluster, user));
        return new ApiAccess.Kubeconfig(file, Optional.empty());
    }
}
