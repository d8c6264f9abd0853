package io.etcdmedic.apiserver;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.kubernetes.client.util.KubeConfig;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;

/// The proxy between here and the API server, which a kubeconfig names as `proxy-url` and the library does not
/// read.
///
/// Source: K8S client-go tools/clientcmd/api/v1/types.go, Cluster.ProxyURL (http, https, socks5).
///
/// @param login `NAME:PASSWORD`, for a proxy that asks; empty: none
record ApiProxy(Proxy proxy, String login) {
    private static final String URL = "proxy-url";

    /// What the cluster of `config`'s current context says.
    ///
    /// @throws Failure.Usage when it is of a kind that cannot be used here: going past it would ask another server,
    ///     or none
    static Optional<ApiProxy> of(KubeConfig config, Problem problem) {
        return text(fields(config.getContexts(), config.getCurrentContext(), "context"), "cluster")
                .flatMap(cluster -> text(fields(config.getClusters(), cluster, "cluster"), URL))
                .filter(url -> !url.isBlank())
                .map(url -> parse(url, problem));
    }

    private static Optional<String> text(Map<?, ?> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(String::valueOf);
    }

    /// Shape: each element `{name: NAME, FIELD: {…}}`.
    private static Map<?, ?> fields(List<Object> named, String name, String field) {
        return named.stream()
                .filter(one -> one instanceof Map<?, ?> map && name.equals(map.get("name")))
                .map(one -> ((Map<?, ?>) one).get(field))
                .filter(Map.class::isInstance)
                .<Map<?, ?>>map(Map.class::cast)
                .findFirst()
                .orElse(Map.of());
    }

    private static ApiProxy parse(String url, Problem problem) {
        URI uri = uri(url, problem);
        Proxy.Type type = switch (String.valueOf(uri.getScheme())) {
            case "http" -> Proxy.Type.HTTP;
            case "socks5", "socks5h" -> Proxy.Type.SOCKS;
            default -> throw unusable(uri, problem);
        };
        String login = Optional.ofNullable(uri.getUserInfo()).orElse("");
        if (uri.getHost() == null || type == Proxy.Type.SOCKS && !login.isEmpty()) {
            throw unusable(uri, problem);
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : type == Proxy.Type.HTTP ? 80 : 1080;
        return new ApiProxy(new Proxy(type, new InetSocketAddress(uri.getHost(), port)), login);
    }

    private static URI uri(String url, Problem problem) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException noUrl) {
            throw new Failure.Usage(
                            problem.found("its " + URL + " is no address").expected("one as in http://10.0.0.5:3128"))
                    .because(noUrl);
        }
    }

    private static Failure unusable(URI uri, Problem problem) {
        return new Failure.Usage(
                problem.found("its " + URL + " is " + uri.getScheme() + "://" + uri.getHost())
                        .expected("http://HOST:PORT, with NAME:PASSWORD@ perhaps, or socks5://HOST:PORT")
                        .hint(
                                "run medic where the API is reached without it, and give the API's own address: --api-server URL"));
    }

    OkHttpClient.Builder on(OkHttpClient.Builder client) {
        if (login.isEmpty()) {
            return client.proxy(proxy);
        }
        String[] words = login.split(":", 2);
        String credentials = Credentials.basic(words[0], words.length > 1 ? words[1] : "", StandardCharsets.UTF_8);
        return client.proxy(proxy)
                .proxyAuthenticator((_, response) -> response.request().header("Proxy-Authorization") == null
                        ? response.request()
                                .newBuilder()
                                .header("Proxy-Authorization", credentials)
                                .build()
                        : null);
    }
}
