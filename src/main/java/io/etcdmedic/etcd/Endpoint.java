package io.etcdmedic.etcd;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.net.URI;
import java.net.URISyntaxException;

/// Where one member listens for clients.
///
/// @param tls `https`; plain `http` is only ever spoken to this machine itself
/// @param host a name or an address; an IPv6 address without brackets
public record Endpoint(boolean tls, String host, int port) {
    /// Source: etcd's registered client port.
    private static final int DEFAULT_PORT = 2379;

    /// Reads `https://host:port`, or `host:port`, which is TLS when `tlsMeant` (certificates were named).
    ///
    /// @throws Failure.Usage when it is no URL of etcd
    /// @throws Failure.Refused when it is plaintext to another machine
    public static Endpoint parse(String text, boolean tlsMeant) {
        refuseUnixSocket(text);
        URI uri = uri(text.contains("://") ? text : (tlsMeant ? "https://" : "http://") + text, text);
        String host = uri.getHost();
        boolean pathless = uri.getPath() == null
                || uri.getPath().isEmpty()
                || uri.getPath().equals("/");
        boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!known || host == null || !pathless || uri.getUserInfo() != null) {
            throw wrong(text, "it is not the URL of a member");
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        Endpoint endpoint = new Endpoint(
                "https".equals(uri.getScheme()),
                bracketed ? host.substring(1, host.length() - 1) : host,
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
        endpoint.refusePlaintextToOthers();
        return endpoint;
    }

    /// etcd listens there only with `--listen-client-urls=unix://…`; kine does by default, but speaks to k3s alone.
    private static void refuseUnixSocket(String text) {
        if (text.startsWith("unix:") || text.startsWith("unixs:")) {
            String path = text.replaceFirst("^unixs?:(//)?", "");
            throw new Failure.Usage(Problem.in("reading the endpoint '" + text + "'")
                    .found("a Unix socket, and medic speaks to etcd over TCP only")
                    .expected("https://HOST:PORT")
                    .hint(
                            "name another of the member's --listen-client-urls; or lend the socket a port of this machine:"
                                    + " socat TCP-LISTEN:23790,bind=127.0.0.1,fork UNIX-CONNECT:" + path
                                    + ", then --endpoints "
                                    + (text.startsWith("unixs") ? "https" : "http") + "://127.0.0.1:23790"));
        }
    }

    private static URI uri(String url, String text) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw wrong(text, "it is not a URL: " + e.getReason());
        }
    }

    /// etcd takes no password in its URL, and nobody is to read one in our complaint of it.
    private static String withoutPassword(String text) {
        return text.replaceFirst("(://)[^/@]*@", "$1…@");
    }

    private static Failure.Usage wrong(String text, String found) {
        return new Failure.Usage(Problem.in("reading the endpoint '" + withoutPassword(text) + "'")
                .found(found)
                .expected("https://HOST:PORT"));
    }

    private void refusePlaintextToOthers() {
        if (!tls && !isLoopback()) {
            throw new Failure.Refused(Problem.in("connecting to " + this)
                    .found("plaintext to another machine: everybody on the way could read and change the cluster")
                    .expected("https, or an endpoint on this machine")
                    .hint("https://" + authority() + " with --cacert, --cert and --key; or a tunnel to the machine"));
        }
    }

    /// Names are not looked up: what a resolver says is not proof.
    boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    String authority() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    URI uri() {
        return URI.create(toString());
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority();
    }
}
