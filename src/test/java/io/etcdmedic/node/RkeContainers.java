package io.etcdmedic.node;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// RKE1's containers of a control-plane node with etcd, as Docker writes them down, with the flags that RKE gives.
///
/// Source: RKE cluster/plan.go.
final class RkeContainers {
    static final String VERSION = "1.33.3";
    private final Map<String, List<String>> flags = new LinkedHashMap<>();
    private final Map<String, String> images = new LinkedHashMap<>();
    private boolean running;
    private String restart = "no";

    private RkeContainers() {
        String ssl = "/etc/kubernetes/ssl/";
        String cert = ssl + "kube-etcd-51-81-64-31";
        flags.put(
                "etcd",
                new ArrayList<>(List.of(
                        "--name=etcd-srv5",
                        "--data-dir=/var/lib/rancher/etcd/",
                        "--initial-cluster=etcd-srv5=https://51.81.64.31:2380,etcd-srv6=https://51.81.64.32:2380,"
                                + "etcd-srv7=https://51.81.64.33:2380",
                        "--initial-cluster-state=new",
                        "--initial-cluster-token=etcd-cluster-1",
                        "--initial-advertise-peer-urls=https://51.81.64.31:2380",
                        "--advertise-client-urls=https://51.81.64.31:2379",
                        "--listen-client-urls=https://0.0.0.0:2379",
                        "--listen-peer-urls=https://0.0.0.0:2380",
                        "--client-cert-auth=true",
                        "--peer-client-cert-auth=true",
                        "--trusted-ca-file=" + ssl + "kube-ca.pem",
                        "--peer-trusted-ca-file=" + ssl + "kube-ca.pem",
                        "--cert-file=" + cert + ".pem",
                        "--key-file=" + cert + "-key.pem",
                        "--peer-cert-file=" + cert + ".pem",
                        "--peer-key-file=" + cert + "-key.pem",
                        "--heartbeat-interval=500",
                        "--election-timeout=5000",
                        "--cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")));
        flags.put(
                "kube-apiserver",
                new ArrayList<>(List.of(
                        "--advertise-address=51.81.64.31",
                        "--allow-privileged=true",
                        "--anonymous-auth=false",
                        "--api-audiences=unknown",
                        "--admission-control-config-file=/etc/kubernetes/admission.yaml",
                        "--authorization-mode=Node,RBAC",
                        "--bind-address=0.0.0.0",
                        "--client-ca-file=" + ssl + "kube-ca.pem",
                        "--enable-admission-plugins=NamespaceLifecycle,LimitRanger,ServiceAccount,DefaultStorageClass,"
                                + "DefaultTolerationSeconds,MutatingAdmissionWebhook,ValidatingAdmissionWebhook,ResourceQuota,"
                                + "NodeRestriction,Priority,EventRateLimit",
                        "--etcd-servers=https://51.81.64.31:2379,https://51.81.64.32:2379,https://51.81.64.33:2379",
                        "--etcd-prefix=/registry",
                        "--etcd-cafile=" + ssl + "kube-ca.pem",
                        "--etcd-certfile=" + ssl + "kube-node.pem",
                        "--etcd-keyfile=" + ssl + "kube-node-key.pem",
                        "--kubelet-client-certificate=" + ssl + "kube-apiserver.pem",
                        "--kubelet-client-key=" + ssl + "kube-apiserver-key.pem",
                        "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
                        "--profiling=false",
                        "--proxy-client-cert-file=" + ssl + "kube-apiserver-proxy-client.pem",
                        "--proxy-client-key-file=" + ssl + "kube-apiserver-proxy-client-key.pem",
                        "--requestheader-allowed-names=kube-apiserver-proxy-client",
                        "--requestheader-client-ca-file=" + ssl + "kube-apiserver-requestheader-ca.pem",
                        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
                        "--requestheader-group-headers=X-Remote-Group",
                        "--requestheader-username-headers=X-Remote-User",
                        "--runtime-config=authorization.k8s.io/v1beta1=true",
                        "--secure-port=6443",
                        "--service-account-issuer=rke",
                        "--service-account-key-file=" + ssl + "kube-service-account-token-key.pem",
                        "--service-account-lookup=true",
                        "--service-account-signing-key-file=" + ssl + "kube-service-account-token-key.pem",
                        "--service-cluster-ip-range=10.43.0.0/16",
                        "--service-node-port-range=30000-32767",
                        "--storage-backend=etcd3",
                        "--tls-cert-file=" + ssl + "kube-apiserver.pem",
                        "--tls-private-key-file=" + ssl + "kube-apiserver-key.pem",
                        "--authentication-token-webhook-config-file=/etc/kubernetes/kube-api-authn-webhook.yaml",
                        "--cloud-provider=")));
        flags.put(
                "kube-controller-manager",
                new ArrayList<>(List.of(
                        "--allocate-node-cidrs=true",
                        "--cluster-cidr=10.42.0.0/16",
                        "--service-cluster-ip-range=10.43.0.0/16",
                        "--service-account-private-key-file=" + ssl + "kube-service-account-token-key.pem",
                        "--root-ca-file=" + ssl + "kube-ca.pem",
                        "--use-service-account-credentials=true",
                        "--terminated-pod-gc-threshold=1000",
                        "--kubeconfig=" + ssl + "kubecfg-kube-controller-manager.yaml",
                        "--leader-elect=true",
                        "--profiling=false",
                        "--v=2")));
        flags.put(
                "kube-scheduler",
                new ArrayList<>(List.of(
                        "--kubeconfig=" + ssl + "kubecfg-kube-scheduler.yaml",
                        "--leader-elect=true",
                        "--profiling=false",
                        "--v=2")));
        flags.put(
                "kubelet",
                new ArrayList<>(List.of(
                        "--hostname-override=srv5",
                        "--root-dir=/var/lib/kubelet",
                        "--cluster-dns=10.43.0.10",
                        "--cluster-domain=cluster.local",
                        "--client-ca-file=" + ssl + "kube-ca.pem",
                        "--anonymous-auth=false",
                        "--authorization-mode=Webhook",
                        "--authentication-token-webhook=true",
                        "--node-ip=51.81.64.31",
                        "--volume-plugin-dir=/var/lib/kubelet/volumeplugins",
                        "--resolv-conf=/etc/resolv.conf",
                        "--fail-swap-on=false",
                        "--cgroup-driver=cgroupfs",
                        "--container-runtime-endpoint=unix:///var/run/cri-dockerd.sock",
                        "--kubeconfig=" + ssl + "kubecfg-kube-node.yaml",
                        "--pod-infra-container-image=rancher/mirrored-pause:3.7",
                        "--read-only-port=0")));
        flags.put(
                "kube-proxy",
                new ArrayList<>(List.of(
                        "--cluster-cidr=10.42.0.0/16",
                        "--hostname-override=srv5",
                        "--kubeconfig=" + ssl + "kubecfg-kube-proxy.yaml",
                        "--healthz-bind-address=127.0.0.1")));
        flags.keySet().forEach(name -> images.put(name, "rancher/hyperkube:v" + VERSION + "-rancher1"));
        images.put("etcd", "rancher/mirrored-coreos-etcd:v3.5.6");
    }

    static RkeContainers standard() {
        return new RkeContainers();
    }

    /// Sets a flag, or takes it away when `value` is empty.
    RkeContainers flag(String part, String name, String value) {
        List<String> argv = flags.getOrDefault(part, new ArrayList<>());
        argv.removeIf(a -> a.startsWith("--" + name + "="));
        if (!value.isEmpty()) {
            argv.add("--" + name + "=" + value);
        }
        return this;
    }

    RkeContainers image(String part, String image) {
        images.put(part, image);
        return this;
    }

    RkeContainers running(String restartPolicy) {
        running = true;
        restart = restartPolicy;
        return this;
    }

    /// Below /var/lib/docker of the tree, and the configuration files that the flags name.
    RkeTree in(RkeTree tree) throws IOException {
        for (Map.Entry<String, List<String>> part : flags.entrySet()) {
            String folder = "var/lib/docker/containers/" + part.getKey() + "/";
            tree.file(folder + "config.v2.json", Json.compact(config(part.getKey(), part.getValue())));
            tree.file(folder + "hostconfig.json", "{\"RestartPolicy\": {\"Name\": \"" + restart + "\"}}");
        }
        tree.file("etc/kubernetes/admission.yaml", "apiVersion: apiserver.config.k8s.io/v1\n");
        tree.file("etc/kubernetes/kube-api-authn-webhook.yaml", "apiVersion: v1\n");
        return tree;
    }

    private Document config(String name, List<String> argv) {
        boolean etcd = name.equals("etcd");
        List<String> arguments = new ArrayList<>(argv);
        if (!etcd) {
            arguments.addFirst(name);
        }
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("Name", text("/" + name));
        fields.put("Path", text(etcd ? "/usr/local/bin/etcd" : "/opt/rke-tools/entrypoint.sh"));
        fields.put(
                "Args",
                new Document.Sequence(
                        arguments.stream().map(RkeContainers::text).toList()));
        SequencedMap<String, Document> config = new LinkedHashMap<>();
        config.put("Image", text(images.getOrDefault(name, "")));
        config.put("Hostname", text("srv5"));
        fields.put("Config", new Document.Mapping(config));
        SequencedMap<String, Document> state = new LinkedHashMap<>();
        state.put("Running", Document.Truth.of(running));
        fields.put("State", new Document.Mapping(state));
        return new Document.Mapping(fields);
    }

    private static Document text(String text) {
        return new Document.Text(text);
    }
}
