package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.CONTROLLER_MANAGER;
import static io.etcdmedic.installation.Component.ETCD;
import static io.etcdmedic.installation.Component.KUBELET;
import static io.etcdmedic.installation.Component.PROXY;
import static io.etcdmedic.installation.Component.SCHEDULER;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether the node's parts reach each other as the module has it: whom their kubeconfigs trust, which port they
/// ask, and what the firewall lets through.
///
/// Defaults count, so it judges only what nix evaluated. Source: nixpkgs
/// nixos/modules/services/cluster/kubernetes/default.nix (`mkKubeConfig`),
/// nixos/modules/services/networking/firewall.nix.
final class ConnectionCheck {
    private static final String ADDRESS = "services.kubernetes.apiserverAddress";
    private static final String AUTHORITY = "services.kubernetes.caFile";
    private static final String PORTS = "networking.firewall.allowedTCPPorts";
    private static final Pattern URL = Pattern.compile("https://(\\[[^\\]]+\\]|[^:/]+):([0-9]{1,5})/?");
    private static final Pattern PORT = Pattern.compile(":([0-9]{1,5})/?$");
    private final Judged judged;
    private final NixConfiguration nix;
    private final List<Finding> findings = new ArrayList<>();

    private ConnectionCheck(Judged judged, NixConfiguration nix) {
        this.judged = judged;
        this.nix = nix;
    }

    static List<Finding> of(Judged judged) {
        Optional<NixConfiguration> evaluated =
                judged.nix().filter(nix -> nix.method() == NixConfiguration.Method.EVALUATED);
        if (evaluated.isEmpty()) {
            return List.of();
        }
        ConnectionCheck check = new ConnectionCheck(judged, evaluated.get());
        check.authority();
        if (judged.planned().has(APISERVER)) {
            check.port();
        }
        check.firewall();
        return check.findings;
    }

    private void authority() {
        List<String> without = List.of(CONTROLLER_MANAGER, SCHEDULER, KUBELET, PROXY).stream()
                .filter(judged.planned()::has)
                .filter(component -> nix.text(kubeconfig(component)).isEmpty())
                .map(Component::program)
                .toList();
        if (!without.isEmpty()) {
            findings.add(Finding.error("nix/authority", AUTHORITY + nix.at(AUTHORITY))
                    .evidence("the kubeconfig of %s names no CA".formatted(String.join(", ", without)))
                    .consequence(
                            "None of them believes the apiserver: \"x509: certificate signed by unknown authority\".")
                    .cure(AUTHORITY + " = \"/etc/kubernetes/ssl/kube-ca.pem\";"));
        }
    }

    private static String kubeconfig(Component component) {
        return FlagRule.enableOption(component).replaceFirst("enable$", "kubeconfig.caFile");
    }

    private void port() {
        Matcher asked = URL.matcher(nix.text(ADDRESS).orElse(""));
        String listens = judged.planned().flag(APISERVER, "secure-port").orElse("6443");
        if (asked.matches() && isOwn(asked.group(1)) && !asked.group(2).equals(listens)) {
            findings.add(Finding.error("nix/apiserver-address", ADDRESS + nix.at(ADDRESS))
                    .evidence("it is %s, and this node's apiserver listens on port %s"
                            .formatted(nix.text(ADDRESS).orElse(""), listens))
                    .consequence("Every kubeconfig of this node asks a port where nobody listens.")
                    .cure("give services.kubernetes.apiserver.securePort and %s one port".formatted(ADDRESS)));
        }
    }

    private boolean isOwn(String host) {
        Set<String> own = new TreeSet<>(judged.facts().ownAddresses());
        own.addAll(List.of("localhost", "127.0.0.1", "[::1]"));
        judged.planned().flag(APISERVER, "advertise-address").ifPresent(own::add);
        return own.contains(host) || own.contains(host.replaceAll("[\\[\\]]", ""));
    }

    /// Ports of other parts are asked for only where the module opens any: another file may open them.
    private void firewall() {
        Set<String> open = new TreeSet<>(nix.texts(PORTS));
        boolean isSimple = nix.below("networking.firewall").keySet().stream()
                .allMatch(Set.of("enable", "allowedTCPPorts", "allowedUDPPorts")::contains);
        if (!nix.isOn("networking.firewall.enable") || !isSimple) {
            return;
        }
        Set<String> wanted = new TreeSet<>();
        boolean hasPeers = judged.planned().flags(ETCD).list("initial-cluster").size() > 1;
        if (hasPeers && !nix.isOn("services.etcd.openFirewall")) {
            wanted.addAll(ports("listen-client-urls"));
            wanted.addAll(ports("listen-peer-urls"));
        }
        if (nix.isSet(PORTS)) {
            judged.planned().flag(APISERVER, "secure-port").ifPresent(wanted::add);
            if (judged.planned().has(KUBELET)) {
                wanted.add(judged.planned().flag(KUBELET, "port").orElse("10250"));
            }
        }
        wanted.removeAll(open);
        open.addAll(wanted);
        if (!wanted.isEmpty()) {
            findings.add(Finding.warning("nix/firewall", PORTS + nix.at(PORTS))
                    .evidence("NixOS' firewall is on, and nothing here opens TCP " + String.join(", ", wanted))
                    .consequence(
                            "Other hosts do not reach what listens there: etcd's members, the apiserver, the kubelet.")
                    .cure("networking.firewall.allowedTCPPorts = [ %s ]; unless another file of the configuration does"
                            .formatted(String.join(" ", open))));
        }
    }

    /// Of the URLs that other hosts reach.
    private List<String> ports(String flag) {
        return judged.planned().flags(ETCD).list(flag).stream()
                .filter(url -> !url.contains("//127.0.0.1:") && !url.contains("//localhost:"))
                .flatMap(url -> PORT.matcher(url).results().map(found -> found.group(1)))
                .toList();
    }
}
