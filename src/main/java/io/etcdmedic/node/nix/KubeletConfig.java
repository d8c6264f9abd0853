package io.etcdmedic.node.nix;

import io.etcdmedic.document.Document;
import io.etcdmedic.installation.Flags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Fields of a KubeletConfiguration, as the flags that say the same.
///
/// Source: K8S staging/src/k8s.io/kubelet/config/v1beta1/types.go, cmd/kubelet/app/options/options.go.
final class KubeletConfig {
    /// Fields whose flag has another name than theirs.
    private static final Map<String, String> NAMES = Map.of(
            "authentication.x509.clientCAFile", "client-ca-file",
            "authentication.anonymous.enabled", "anonymous-auth",
            "authentication.webhook.enabled", "authentication-token-webhook",
            "authorization.mode", "authorization-mode",
            "staticPodPath", "pod-manifest-path",
            "resolvConf", "resolv-conf",
            "eventRecordQPS", "event-qps",
            "podPidsLimit", "pod-max-pids");

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private KubeletConfig() {}

    static Flags flags(Document config) {
        KubeletConfig flags = new KubeletConfig();
        config.mapping().forEach(flags::field);
        return new Flags(flags.values);
    }

    private void field(String name, Document value) {
        String known = NAMES.getOrDefault(name, "");
        boolean isGroup =
                name.equals("authentication") || name.startsWith("authentication.") || name.equals("authorization");
        if (isGroup && value instanceof Document.Mapping group) {
            group.fields().forEach((inner, v) -> field(name + "." + inner, v));
        } else if (!known.isEmpty() || !name.contains(".")) {
            values.put(known.isEmpty() ? kebab(name) : known, List.of(joined(value)));
        }
    }

    /// `clusterDNS` is `cluster-dns`, `maxPods` is `max-pods`.
    private static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    /// A list as `a,b`, a mapping as `a=1,b=2`.
    static String joined(Document value) {
        return switch (value) {
            case Document.Sequence s ->
                String.join(
                        ",", s.elements().stream().map(KubeletConfig::joined).toList());
            case Document.Mapping m ->
                String.join(
                        ",",
                        m.fields().entrySet().stream()
                                .map(e -> e.getKey() + "=" + joined(e.getValue()))
                                .toList());
            case Document.Text _, Document.Whole _, Document.Decimal _, Document.Truth _ ->
                NixConfiguration.scalar(value).orElse("");
            case Document.Nil _, Document.Redacted _ -> "";
        };
    }
}
