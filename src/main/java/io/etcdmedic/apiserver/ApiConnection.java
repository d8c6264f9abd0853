package io.etcdmedic.apiserver;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.etcd.PemIdentity;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.WritePermit;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.auth.ApiKeyAuth;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.credentials.Authentication;
import java.io.IOException;
import java.io.Reader;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/// Requests to one API server: bytes out, bytes in. Nothing is ever sent twice by this class.
final class ApiConnection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final String[] AUTHENTICATION = {"BearerToken"};
    private final ApiClient client;

    private ApiConnection(ApiClient client) {
        this.client = client;
    }

    /// @param mediaType of `content`
    record Body(String mediaType, Bytes content) {}

    static ApiConnection open(ApiAccess access) {
        Problem problem = Problem.in("reading "
                + switch (access) {
                    case ApiAccess.Kubeconfig kubeconfig -> "the kubeconfig " + kubeconfig.file();
                    case ApiAccess.ClientCertificate files -> "the client certificate " + files.certificate();
                });
        try {
            Way way = switch (access) {
                case ApiAccess.Kubeconfig kubeconfig -> way(kubeconfig, problem);
                case ApiAccess.ClientCertificate files -> new Way(builder(files), Optional.empty());
            };
            ApiClient client = way.builder()
                    .setReadTimeout(ANSWER)
                    .setPingInterval(Duration.ZERO)
                    .build();
            requireIdentity(client, problem);
            OkHttpClient.Builder http = client.getHttpClient().newBuilder();
            client.setHttpClient(way.proxy()
                    .map(proxy -> proxy.on(http))
                    .orElse(http)
                    .connectTimeout(CONNECT)
                    .writeTimeout(ANSWER)
                    .retryOnConnectionFailure(false)
                    .followRedirects(false)
                    .followSslRedirects(false)
                    .addNetworkInterceptor(ApiConnection::withoutInvitation)
                    .build());
            return new ApiConnection(client);
        } catch (IOException e) {
            throw new Failure.Usage(problem.found(reason(e)).hint("give --kubeconfig FILE")).because(e);
        } catch (Failure known) {
            throw known;
        } catch (RuntimeException broken) {
            throw new Failure.Usage(problem.found("it cannot be used: " + broken.getMessage())).because(broken);
        }
    }

    /// The library answers "503, try again at once" by sending again, whatever it was.
    private static Response withoutInvitation(Interceptor.Chain chain) throws IOException {
        return chain.proceed(chain.request())
                .newBuilder()
                .removeHeader("Retry-After")
                .build();
    }

    private static void requireIdentity(ApiClient client, Problem problem) {
        boolean token = client.getAuthentication(AUTHENTICATION[0]) instanceof ApiKeyAuth auth
                && auth.getApiKey() != null
                && !auth.getApiKey().isEmpty();
        if (!token && client.getKeyManagers() == null) {
            throw new Failure.Usage(problem.found("nothing in it says who asks")
                    .expected("a client certificate, a token, or an exec command that ends well and gives one"));
        }
    }

    private record Way(ClientBuilder builder, Optional<ApiProxy> proxy) {}

    private static Way way(ApiAccess.Kubeconfig kubeconfig, Problem problem) throws IOException {
        try (Reader reader = Files.newBufferedReader(kubeconfig.file())) {
            KubeConfig config = KubeConfig.loadKubeConfig(reader);
            config.setFile(kubeconfig.file().toAbsolutePath().toFile());
            kubeconfig.context().ifPresent(context -> choose(config, context, problem));
            ClientBuilder builder = ClientBuilder.kubeconfig(config);
            byte @Nullable [] certificate =
                    config.getDataOrFileRelative(config.getClientCertificateData(), config.getClientCertificateFile());
            byte @Nullable [] key = config.getDataOrFileRelative(config.getClientKeyData(), config.getClientKeyFile());
            return new Way(
                    certificate == null || key == null
                            ? builder
                            : builder.setAuthentication(
                                    identity("the kubeconfig " + kubeconfig.file(), certificate, key)),
                    ApiProxy.of(config, problem));
        }
    }

    /// The library's own way to a client certificate goes through BouncyCastle, which takes half a second to load.
    private static Authentication identity(String from, byte[] certificate, byte[] key) {
        KeyManager[] managers = {PemIdentity.keyManager(from, certificate, key)};
        return client -> client.setKeyManagers(managers);
    }

    private static ClientBuilder builder(ApiAccess.ClientCertificate files) throws IOException {
        return new ClientBuilder()
                .setBasePath(files.server().toString())
                .setCertificateAuthority(Files.readAllBytes(files.ca()))
                .setAuthentication(identity(
                        files.certificate() + " and " + files.key(),
                        Files.readAllBytes(files.certificate()),
                        Files.readAllBytes(files.key())));
    }

    private static void choose(KubeConfig config, String context, Problem problem) {
        if (!config.setContext(context)) {
            throw new Failure.Usage(problem.found("no context " + context)
                    .hint("its contexts: "
                            + config.getContexts().stream()
                                    .map(c -> c instanceof Map<?, ?> map ? String.valueOf(map.get("name")) : "?")
                                    .toList()));
        }
    }

    String address() {
        return client.getBasePath();
    }

    static String escape(String queryValue) {
        return URLEncoder.encode(queryValue, StandardCharsets.UTF_8);
    }

    /// @throws Failure.Unreachable when there is no answer
    /// @throws Failure.Refused when another server answers
    ApiAnswer read(String pathAndQuery) {
        Problem problem = Problem.in("asking " + address() + pathAndQuery);
        try {
            return exchange(call(pathAndQuery, "GET", null));
        } catch (IOException | ApiException e) {
            throw unanswered(problem, e);
        }
    }

    /// A server that shows the certificate of another authority is there, and is not the one that was meant.
    private static Failure unanswered(Problem problem, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                return new Failure.Refused(problem.found(
                                        "the server's certificate is not trusted: " + cause.getMessage())
                                .expected("one of the authority that the kubeconfig names")
                                .hint("the kubeconfig is of another cluster, or older than the cluster's authority"))
                        .because(e);
            }
        }
        return new Failure.Unreachable(problem.found(reason(e))).because(e);
    }

    /// Sends a change once.
    ///
    /// @param permit that the repair engine granted; asked for so that nobody else can change anything
    /// @throws Failure.Unreachable when it was certainly not sent
    /// @throws Failure.Unsettled when the answer is lost
    ApiAnswer send(String what, String method, String path, Body body, WritePermit permit) {
        Objects.requireNonNull(permit);
        Problem problem = Problem.in(what + " at " + address());
        try {
            return exchange(call(path, method, body));
        } catch (ConnectException | UnknownHostException | NoRouteToHostException notSent) {
            throw new Failure.Unreachable(problem.found(reason(notSent))).because(notSent);
        } catch (IOException lost) {
            throw new Failure.Unsettled(problem.found("the answer is lost: " + reason(lost))).because(lost);
        } catch (ApiException notSent) {
            throw new Failure.Unreachable(problem.found(reason(notSent))).because(notSent);
        }
    }

    /// The subject alternative names of the certificate that the server shows.
    List<String> certificateNames() {
        Problem problem = Problem.in("reading the certificate of " + address());
        try (Response response = call("/version", "GET", null).execute()) {
            if (response.handshake() == null
                    || response.handshake().peerCertificates().isEmpty()
                    || !(response.handshake().peerCertificates().getFirst() instanceof X509Certificate certificate)
                    || certificate.getSubjectAlternativeNames() == null) {
                return List.of();
            }
            return certificate.getSubjectAlternativeNames().stream()
                    .map(name -> String.valueOf(name.get(1)))
                    .toList();
        } catch (IOException | ApiException | CertificateParsingException e) {
            throw new Failure.Unreachable(problem.found(reason(e))).because(e);
        }
    }

    private Call call(String pathAndQuery, String method, @Nullable Body body) throws ApiException {
        String type = body == null ? "application/json" : body.mediaType();
        byte @Nullable [] content = body == null ? null : body.content().toArray();
        return build(pathAndQuery, method, type, content);
    }

    /// The client library says nothing about nulls.
    @SuppressWarnings("NullAway")
    private Call build(String pathAndQuery, String method, String mediaType, byte @Nullable [] content)
            throws ApiException {
        return client.buildCall(
                null,
                pathAndQuery,
                method,
                List.of(),
                List.of(),
                content,
                new java.util.HashMap<>(Map.of("Accept", "application/json", "Content-Type", mediaType)),
                Map.of(),
                Map.of(),
                AUTHENTICATION,
                null);
    }

    private static ApiAnswer exchange(Call call) throws IOException {
        try (Response response = call.execute()) {
            ResponseBody body = response.body();
            return new ApiAnswer(response.code(), Bytes.owned(body == null ? new byte[0] : body.bytes()));
        }
    }

    private static String reason(Exception e) {
        if (e instanceof SSLException) {
            return "TLS: " + e.getMessage();
        }
        return switch (e) {
            case ConnectException _ -> "the connection is refused";
            case UnknownHostException _ -> "no address is known for the name";
            case java.net.SocketTimeoutException _ -> "no answer within " + ANSWER.toSeconds() + " s";
            case java.nio.file.NoSuchFileException _ -> "there is no such file";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    @Override
    public void close() {
        client.getHttpClient().dispatcher().executorService().shutdown();
        client.getHttpClient().connectionPool().evictAll();
    }
}
