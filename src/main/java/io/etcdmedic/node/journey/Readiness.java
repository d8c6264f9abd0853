package io.etcdmedic.node.journey;

import static io.etcdmedic.installation.Component.APISERVER;

import io.etcdmedic.apiserver.ApiAccess;
import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.facts.NodeFacts;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Whether a kube-apiserver is ready, as it says itself.
///
/// @param asked whether it could be asked at all
/// @param words what it said, or why it was not asked
public record Readiness(boolean asked, boolean ready, String words) {
    /// Whose certificate is good enough to ask for /readyz: every client of the cluster's CA is authenticated.
    private static final List<String> CLIENTS = List.of("kube-node", "kube-admin", "kube-apiserver");

    public static Readiness unasked(String why) {
        return new Readiness(false, false, why);
    }

    public static Readiness of(ApiReading api) {
        try {
            return api.readyForUs()
                    ? new Readiness(true, true, "%s/readyz says ok, %s".formatted(api.address(), api.version()))
                    : new Readiness(true, false, api.address() + "/readyz does not say ok");
        } catch (Failure.Interrupted stopped) {
            throw stopped;
        } catch (Failure refused) {
            return new Readiness(true, false, refused.problem().message());
        }
    }

    /// The way to the node's own apiserver with a certificate of the node; empty when a file is missing.
    ///
    /// @param root where the node's files lie
    public static Optional<ApiAccess> own(NodeFacts now, NodeFacts before, Path root) {
        Flags flags = now.unit(APISERVER).map(Part::flags).orElseGet(() -> before.flags(APISERVER));
        String bind = flags.get("bind-address").orElse("0.0.0.0");
        String host = bind.equals("0.0.0.0") || bind.equals("::") ? "127.0.0.1" : bind;
        URI server = URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + flags.get("secure-port").filter(p -> p.matches("\\d{1,5}")).orElse("6443"));
        Path ssl = root.resolve(NodeFacts.SSL.substring(1));
        Path ca = ssl.resolve("kube-ca.pem");
        return CLIENTS.stream()
                .filter(stem -> Files.isReadable(ssl.resolve(stem + ".pem"))
                        && Files.isReadable(ssl.resolve(stem + "-key.pem"))
                        && Files.isReadable(ca))
                .findFirst()
                .map(stem -> new ApiAccess.ClientCertificate(
                        server, ca, ssl.resolve(stem + ".pem"), ssl.resolve(stem + "-key.pem")));
    }
}
