package io.etcdmedic.node;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A node as RKE1 makes one from cluster.yml: any version, name, address, ranges and roles; its containers with the
/// flags that RKE gives there, in any order and spelling, and the certificates that they name.
///
/// Source: RKE cluster/plan.go; Rancher's KDM, pkg/rke/k8s_service_options.go.
final class RkeNode {
    private static final String SSL = "/etc/kubernetes/ssl/";
    private static final String CIPHERS =
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    private final int minor;
    private final Map<String, Map<String, List<String>>> parts = new TreeMap<>();
    private final Map<String, List<String>> binds = new TreeMap<>();
    private final Map<String, List<String>> environments = new TreeMap<>();
    private String name = "10.20.0.5";
    private String address = "10.20.0.5";
    private String internal = "10.20.0.5";
    private List<String> members = List.of("10.20.0.5");
    private String services = "10.43.0.0/16";
    private String pods = "10.42.0.0/16";
    private String dns = "10.43.0.10";
    private List<String> externalEtcd = List.of();
    private boolean controlPlane = true;
    private boolean etcd = true;
    private boolean worker = true;
    private int clientPort = 2379;
    private int peerPort = 2380;
    private int apiPort = 6443;
    private String restart = "no";
    private String prefix = "";
    private boolean separate;
    private long order;

    private RkeNode(int minor) {
        this.minor = minor;
    }

    /// A node of a cluster of one, of Kubernetes 1.`minor`.
    static RkeNode of(int minor) {
        return new RkeNode(minor);
    }

    /// @param override the Node's name; RKE1's default is the address
    RkeNode named(String override, String external, String own) {
        name = override;
        address = external;
        internal = own;
        members = List.of(own);
        return this;
    }

    /// Names and addresses of all members are alike, this node's first.
    RkeNode among(String... addresses) {
        members = List.of(addresses);
        return this;
    }

    /// As extra_args may set them: RKE1's own are 2379, 2380 and 6443.
    RkeNode ports(int client, int peer, int api) {
        clientPort = client;
        peerPort = peer;
        apiPort = api;
        return this;
    }

    /// prefix_path of cluster.yml.
    RkeNode below(String path) {
        prefix = path;
        return this;
    }

    RkeNode running() {
        restart = "always";
        return this;
    }

    RkeNode ranges(String serviceRange, String podRange, String server) {
        services = serviceRange;
        pods = podRange;
        dns = server;
        return this;
    }

    RkeNode roles(boolean isControlPlane, boolean isEtcd, boolean isWorker) {
        controlPlane = isControlPlane;
        etcd = isEtcd;
        worker = isWorker;
        return this;
    }

    RkeNode externalEtcd(String... urls) {
        externalEtcd = List.of(urls);
        etcd = false;
        return this;
    }

    /// `--flag value` instead of `--flag=value`, and in an order of its own.
    RkeNode spelled(long seed) {
        separate = true;
        order = seed;
        return this;
    }

    /// As extra_args does.
    RkeNode with(String part, String flag, String... values) {
        parts.computeIfAbsent(part, _ -> new TreeMap<>()).put(flag, List.of(values));
        return this;
    }

    /// As extra_binds does: `/host:/container`.
    RkeNode bound(String part, String... more) {
        binds.put(part, List.of(more));
        return this;
    }

    /// As extra_env does: `NAME=value`.
    RkeNode environment(String part, String... pairs) {
        environments.put(part, List.of(pairs));
        return this;
    }

    RkeTree in(Path root) throws IOException {
        RkeTree tree = RkeTree.make(root);
        certificates(root.resolve("etc/kubernetes/ssl"));
        if (etcd) {
            container(tree, "etcd", etcdImage(), etcdFlags());
        }
        if (controlPlane) {
            tree.file(
                    "etc/kubernetes/admission.yaml",
                    "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins: []\n");
            container(tree, "kube-apiserver", image(), apiserverFlags());
            container(tree, "kube-controller-manager", image(), controllerManagerFlags());
            container(tree, "kube-scheduler", image(), schedulerFlags());
        } else {
            container(tree, "nginx-proxy", "rancher/rke-tools:v0.1.96", Map.of());
        }
        container(tree, "kubelet", image(), kubeletFlags());
        container(tree, "kube-proxy", image(), proxyFlags());
        return tree;
    }

    private String etcdImage() {
        return "rancher/mirrored-coreos-etcd:v" + (minor < 22 ? "3.4.15" : minor < 28 ? "3.5.6" : "3.5.9")
                + "-rancher1";
    }

    private String image() {
        return "rancher/hyperkube:v1." + minor + ".9-rancher1-1";
    }

    private String dashed() {
        return "kube-etcd-" + internal.replace('.', '-').replace(':', '-');
    }

    private void certificates(Path ssl) throws IOException {
        String names = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:" + internal;
        if (etcd) {
            RkeTree.issue(ssl, dashed(), "/CN=kube-etcd", "kube-ca", 365, RkeTree.SERVER_CLIENT, names);
        }
        if (controlPlane) {
            List<String> firsts = Stream.of(services.split(","))
                    .map(range -> range.replaceFirst("/.*", ""))
                    .map(base -> base.endsWith("::") ? base + "1" : base.replaceFirst("\\.\\d+$", ".1"))
                    .toList();
            String all = names + ",DNS:kubernetes.default.svc,IP:" + String.join(",IP:", firsts);
            RkeTree.issue(ssl, "kube-apiserver", "/CN=kube-apiserver", "kube-ca", 365, RkeTree.SERVER_CLIENT, all);
        }
        if (!externalEtcd.isEmpty()) {
            RkeTree.issue(ssl, "kube-etcd-client", "/CN=etcd-client", "kube-ca", 365, RkeTree.CLIENT);
            RkeTree.issue(ssl, "kube-etcd-client-ca", "/CN=ca", "", 365, "basicConstraints=critical,CA:true");
        }
    }

    private static String url(String host, int port) {
        return "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private Map<String, String> etcdFlags() {
        Map<String, String> flags = new TreeMap<>();
        String listen = address.equals(internal) ? "0.0.0.0" : internal;
        flags.put("name", "etcd-" + name);
        flags.put("data-dir", "/var/lib/rancher/etcd/");
        flags.put("listen-client-urls", url(listen, clientPort));
        flags.put("initial-advertise-peer-urls", url(internal, peerPort));
        flags.put("listen-peer-urls", url(listen, peerPort));
        flags.put("initial-cluster-token", "etcd-cluster-1");
        flags.put(
                "initial-cluster",
                String.join(
                        ",",
                        members.stream()
                                .map(m -> "etcd-" + (m.equals(internal) ? name : m) + "=" + url(m, peerPort))
                                .toList()));
        flags.put("initial-cluster-state", members.size() > 1 ? "existing" : "new");
        flags.put("trusted-ca-file", SSL + "kube-ca.pem");
        flags.put("peer-trusted-ca-file", SSL + "kube-ca.pem");
        flags.put("cert-file", SSL + dashed() + ".pem");
        flags.put("key-file", SSL + dashed() + "-key.pem");
        flags.put("peer-cert-file", SSL + dashed() + ".pem");
        flags.put("peer-key-file", SSL + dashed() + "-key.pem");
        flags.put("advertise-client-urls", url(internal, clientPort));
        flags.put("cipher-suites", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
        flags.put("client-cert-auth", "true");
        flags.put("peer-client-cert-auth", "true");
        if (minor < 22) {
            flags.put("enable-v2", "true");
        } else if (minor < 24) {
            flags.put("experimental-initial-corrupt-check", "true");
        }
        return flags;
    }

    private Map<String, String> apiserverFlags() {
        Map<String, String> flags = new TreeMap<>();
        boolean outside = !externalEtcd.isEmpty();
        flags.put("admission-control-config-file", "/etc/kubernetes/admission.yaml");
        flags.put("advertise-address", internal);
        flags.put("client-ca-file", SSL + "kube-ca.pem");
        flags.put("cloud-provider", "");
        flags.put("etcd-cafile", SSL + (outside ? "kube-etcd-client-ca.pem" : "kube-ca.pem"));
        flags.put("etcd-certfile", SSL + (outside ? "kube-etcd-client.pem" : "kube-node.pem"));
        flags.put("etcd-keyfile", SSL + (outside ? "kube-etcd-client-key.pem" : "kube-node-key.pem"));
        flags.put("etcd-prefix", outside ? "/cluster-a" : "/registry");
        flags.put(
                "etcd-servers",
                outside
                        ? String.join(",", externalEtcd)
                        : String.join(
                                ",",
                                members.stream().map(m -> url(m, clientPort)).toList()));
        flags.put("kubelet-client-certificate", SSL + "kube-apiserver.pem");
        flags.put("kubelet-client-key", SSL + "kube-apiserver-key.pem");
        flags.put("proxy-client-cert-file", SSL + "kube-apiserver-proxy-client.pem");
        flags.put("proxy-client-key-file", SSL + "kube-apiserver-proxy-client-key.pem");
        flags.put("requestheader-allowed-names", "kube-apiserver-proxy-client");
        flags.put("requestheader-client-ca-file", SSL + "kube-apiserver-requestheader-ca.pem");
        flags.put("requestheader-extra-headers-prefix", "X-Remote-Extra-");
        flags.put("requestheader-group-headers", "X-Remote-Group");
        flags.put("requestheader-username-headers", "X-Remote-User");
        flags.put("service-account-key-file", SSL + "kube-service-account-token-key.pem");
        flags.put("service-account-signing-key-file", SSL + "kube-service-account-token-key.pem");
        flags.put("service-account-issuer", "rke");
        flags.put("service-account-lookup", "true");
        flags.put("api-audiences", "unknown");
        flags.put("service-cluster-ip-range", services);
        flags.put("service-node-port-range", "30000-32767");
        flags.put("tls-cert-file", SSL + "kube-apiserver.pem");
        flags.put("tls-private-key-file", SSL + "kube-apiserver-key.pem");
        flags.put("tls-cipher-suites", CIPHERS);
        flags.put("authorization-mode", "Node,RBAC");
        flags.put("allow-privileged", "true");
        flags.put("anonymous-auth", "false");
        flags.put("bind-address", "0.0.0.0");
        flags.put("kubelet-preferred-address-types", "InternalIP,ExternalIP,Hostname");
        flags.put("profiling", "false");
        flags.put("secure-port", Integer.toString(apiPort));
        flags.put("storage-backend", "etcd3");
        flags.put("runtime-config", "authorization.k8s.io/v1beta1=true");
        flags.put(
                "enable-admission-plugins",
                "NamespaceLifecycle,LimitRanger,ServiceAccount,DefaultStorageClass,DefaultTolerationSeconds,"
                        + "MutatingAdmissionWebhook,ValidatingAdmissionWebhook,ResourceQuota,NodeRestriction,Priority,"
                        + "TaintNodesByCondition,PersistentVolumeClaimResize"
                        + (minor < 25 ? ",PodSecurityPolicy" : ""));
        if (minor < 24) {
            flags.put("insecure-port", "0");
        }
        if (minor == 20) {
            flags.put("feature-gates", "ServiceAccountIssuerDiscovery=false");
        }
        return flags;
    }

    private Map<String, String> controllerManagerFlags() {
        Map<String, String> flags = new TreeMap<>();
        flags.put("cloud-provider", "");
        flags.put("cluster-cidr", pods);
        flags.put("kubeconfig", SSL + "kubecfg-kube-controller-manager.yaml");
        flags.put("root-ca-file", SSL + "kube-ca.pem");
        flags.put("service-account-private-key-file", SSL + "kube-service-account-token-key.pem");
        flags.put("service-cluster-ip-range", services);
        flags.put("allow-untagged-cloud", "true");
        flags.put("allocate-node-cidrs", "true");
        flags.put("configure-cloud-routes", "false");
        flags.put("enable-hostpath-provisioner", "false");
        flags.put("leader-elect", "true");
        flags.put("node-monitor-grace-period", "40s");
        flags.put("profiling", "false");
        flags.put("terminated-pod-gc-threshold", "1000");
        flags.put("use-service-account-credentials", "true");
        flags.put("v", "2");
        if (minor < 24) {
            flags.put("address", "0.0.0.0");
        }
        if (minor < 27) {
            flags.put("pod-eviction-timeout", "5m0s");
        }
        if (minor >= 22) {
            flags.put("authentication-kubeconfig", SSL + "kubecfg-kube-controller-manager.yaml");
            flags.put("authorization-kubeconfig", SSL + "kubecfg-kube-controller-manager.yaml");
        }
        return flags;
    }

    private Map<String, String> schedulerFlags() {
        Map<String, String> flags = new TreeMap<>();
        flags.put("kubeconfig", SSL + "kubecfg-kube-scheduler.yaml");
        flags.put("leader-elect", "true");
        flags.put("profiling", "false");
        flags.put("v", "2");
        if (minor < 24) {
            flags.put("address", "0.0.0.0");
        }
        if (minor >= 22) {
            flags.put("authentication-kubeconfig", SSL + "kubecfg-kube-scheduler.yaml");
            flags.put("authorization-kubeconfig", SSL + "kubecfg-kube-scheduler.yaml");
        }
        return flags;
    }

    private Map<String, String> kubeletFlags() {
        Map<String, String> flags = new TreeMap<>();
        flags.put("address", "0.0.0.0");
        flags.put("anonymous-auth", "false");
        flags.put("authentication-token-webhook", "true");
        flags.put("authorization-mode", "Webhook");
        flags.put("cgroups-per-qos", "True");
        flags.put("client-ca-file", SSL + "kube-ca.pem");
        flags.put("cloud-provider", "");
        flags.put("cluster-dns", dns);
        flags.put("cluster-domain", "cluster.local");
        flags.put("event-qps", "0");
        flags.put("fail-swap-on", "false");
        flags.put("hostname-override", name);
        flags.put("kubeconfig", SSL + "kubecfg-kube-node.yaml");
        flags.put("make-iptables-util-chains", "true");
        flags.put("pod-infra-container-image", "rancher/mirrored-pause:3.7");
        flags.put("read-only-port", "0");
        flags.put("resolv-conf", "/etc/resolv.conf");
        flags.put("root-dir", "/var/lib/kubelet");
        flags.put("streaming-connection-idle-timeout", "30m");
        flags.put("tls-cipher-suites", CIPHERS);
        flags.put("v", "2");
        flags.put("volume-plugin-dir", "/var/lib/kubelet/volumeplugins");
        if (!address.equals(internal)) {
            flags.put("node-ip", internal);
        }
        if (controlPlane && !worker) {
            flags.put("register-with-taints", "node-role.kubernetes.io/controlplane=true:NoSchedule");
        }
        if (minor < 24) {
            flags.put("cni-bin-dir", "/opt/cni/bin");
            flags.put("cni-conf-dir", "/etc/cni/net.d");
            flags.put("network-plugin", "cni");
        } else {
            flags.put("container-runtime-endpoint", "unix:///var/run/cri-dockerd.sock");
            if (minor < 27) {
                flags.put("container-runtime", "remote");
            }
        }
        return flags;
    }

    private Map<String, String> proxyFlags() {
        Map<String, String> flags = new TreeMap<>();
        flags.put("cluster-cidr", pods);
        flags.put("hostname-override", name);
        flags.put("kubeconfig", SSL + "kubecfg-kube-proxy.yaml");
        flags.put("healthz-bind-address", "127.0.0.1");
        flags.put("v", "2");
        return flags;
    }

    private void container(RkeTree tree, String part, String image, Map<String, String> flags) throws IOException {
        Map<String, List<String>> all = new TreeMap<>();
        flags.forEach((flag, value) -> all.put(flag, List.of(value)));
        all.putAll(parts.getOrDefault(part, Map.of()));
        List<List<String>> words = new ArrayList<>();
        all.forEach((flag, values) -> values.forEach(value -> words.add(
                separate && !value.isEmpty() && !value.equals("true") && !value.startsWith("-")
                        ? List.of("--" + flag, value)
                        : List.of("--" + flag + "=" + value))));
        if (order != 0) {
            Collections.shuffle(words, new Random(order));
        }
        List<String> argv = new ArrayList<>(part.equals("etcd") ? List.of() : List.of(part));
        words.forEach(argv::addAll);
        String folder = "var/lib/docker/containers/" + part + "/";
        SequencedMap<String, Document> config = new LinkedHashMap<>();
        config.put("Image", text(image));
        config.put("Hostname", text("node"));
        List<String> env = new ArrayList<>(List.of("PATH=/usr/bin", "RKE_CLOUD_CONFIG_CHECKSUM=0"));
        env.add(part.equals("nginx-proxy") ? "CP_HOSTS=" + String.join(",", members) : "ETCDCTL_API=3");
        env.addAll(environments.getOrDefault(part, List.of()));
        config.put("Env", texts(env));
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("Name", text("/" + part));
        fields.put("Path", text(part.equals("etcd") ? "/usr/local/bin/etcd" : "/opt/rke-tools/entrypoint.sh"));
        fields.put("Args", texts(argv));
        fields.put("Config", new Document.Mapping(config));
        tree.file(folder + "config.v2.json", Json.compact(new Document.Mapping(fields)));
        tree.file(
                folder + "hostconfig.json",
                "{\"RestartPolicy\": {\"Name\": \"%s\"}, \"Binds\": [\"%s/etc/kubernetes:/etc/kubernetes:z\","
                                .formatted(restart, prefix)
                        + "\"%s/var/lib/etcd:/var/lib/rancher/etcd/:z\"%s]}"
                                .formatted(
                                        prefix,
                                        binds.getOrDefault(part, List.of()).stream()
                                                .map(bind -> ",\"" + bind + "\"")
                                                .collect(java.util.stream.Collectors.joining())));
    }

    private static Document texts(List<String> texts) {
        return new Document.Sequence(texts.stream().map(RkeNode::text).toList());
    }

    private static Document text(String text) {
        return new Document.Text(text);
    }
}
