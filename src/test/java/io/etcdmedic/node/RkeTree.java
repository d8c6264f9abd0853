package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.host.Tools;
import io.etcdmedic.node.facts.NodeFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The tree of a node that RKE1 set up: its certificates made with openssl, its users, its folders.
///
/// `kubernetes` is uid 988 and `etcd` uid 989; certificates are made once for all tests and copied.
final class RkeTree {
    static final int KUBERNETES = 988;
    static final int ETCD = 989;
    static final String ADDRESS = "51.81.64.31";
    static final String SERVER_CLIENT = "extendedKeyUsage=serverAuth,clientAuth";
    static final String CLIENT = "extendedKeyUsage=clientAuth";
    private final Path root;

    private RkeTree(Path root) {
        this.root = root;
    }

    /// The tree that was made there.
    static RkeTree at(Path root) {
        return new RkeTree(root);
    }

    /// Makes the tree as RKE1 leaves it: all files root's, mode 0600 (the owner is changed only for root).
    static RkeTree make(Path root) throws IOException {
        RkeTree tree = new RkeTree(root);
        copy(Certificates.FOLDER, Files.createDirectories(root.resolve("etc/kubernetes/ssl")));
        tree.file("etc/passwd", """
                root:x:0:0::/root:/bin/sh
                kubernetes:x:988:988::/var/empty:/bin/false
                etcd:x:989:989::/var/empty:/bin/false
                """);
        tree.file("etc/group", "root:x:0:\nkubernetes:x:988:\netcd:x:989:\n");
        return tree;
    }

    /// Owners and modes as a careful operator sets them: every service reads what it needs and no more.
    RkeTree right() {
        for (String name : List.of(
                "kube-apiserver",
                "kube-apiserver-proxy-client",
                "kube-node",
                "kube-service-account-token",
                "kube-controller-manager",
                "kube-scheduler")) {
            owner(ssl(name + ".pem"), KUBERNETES, 0400);
            owner(ssl(name + "-key.pem"), KUBERNETES, 0400);
        }
        owner(ssl("kube-apiserver-requestheader-ca.pem"), KUBERNETES, 0444);
        owner(ssl("kube-ca.pem"), 0, 0644);
        owner(ssl("kube-etcd-51-81-64-31.pem"), ETCD, 0400);
        owner(ssl("kube-etcd-51-81-64-31-key.pem"), ETCD, 0400);
        return this;
    }

    /// Owners and modes as the tmpfiles rules of a module would set them.
    RkeTree ruled(String module) {
        Matcher rule = Pattern.compile("\"z (/etc/kubernetes/\\S+) (\\d+) (\\w+) \\w+ -\"")
                .matcher(module);
        while (rule.find()) {
            int user = rule.group(3).equals("etcd") ? ETCD : rule.group(3).equals("kubernetes") ? KUBERNETES : 0;
            owner(rule.group(1).substring(1), user, Integer.parseInt(rule.group(2), 8));
        }
        return this;
    }

    NodeFacts facts() {
        return NodeFacts.of(LiveMachine.at(root));
    }

    Path root() {
        return root;
    }

    static String ssl(String name) {
        return "etc/kubernetes/ssl/" + name;
    }

    RkeTree file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
        return this;
    }

    void owner(String name, int uid, int mode) {
        group(name, uid, uid, mode);
    }

    void group(String name, int uid, int gid, int mode) {
        openssl(List.of("chown", uid + ":" + gid, root.resolve(name).toString()));
        openssl(List.of("chmod", "%04o".formatted(mode), root.resolve(name).toString()));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".pem")).toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
                Files.setPosixFilePermissions(
                        to.resolve(file.getFileName().toString()),
                        java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    private static void openssl(List<String> argv) {
        ToolAnswer answer = Tools.run(new ToolCall(argv, Duration.ofMinutes(2), ToolCall.OUTPUT_BYTES_MAX));
        assertThat(answer.trouble()).as(String.join(" ", argv)).isEmpty();
    }

    /// Issues a certificate; `extensions` as openssl's x509v3_config(5) has them.
    static void issue(Path folder, String name, String subject, String ca, int days, String... extensions)
            throws IOException {
        Path key = folder.resolve(name + "-key.pem");
        Path request = folder.resolve(name + ".csr");
        Path ext = folder.resolve(name + ".ext");
        if (name.equals("kube-apiserver")) {
            openssl(List.of("openssl", "genrsa", "-traditional", "-out", key.toString(), "2048"));
        } else {
            openssl(List.of("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key.toString()));
        }
        openssl(List.of(
                "openssl", "req", "-new", "-key", key.toString(), "-subj", subject, "-out", request.toString()));
        Files.writeString(ext, String.join("\n", extensions) + "\n");
        List<String> sign = new ArrayList<>(
                List.of("openssl", "x509", "-req", "-in", request.toString(), "-days", Integer.toString(days)));
        sign.addAll(List.of(
                "-extfile",
                ext.toString(),
                "-out",
                folder.resolve(name + ".pem").toString()));
        if (ca.isEmpty()) {
            sign.addAll(List.of("-signkey", key.toString()));
        } else {
            sign.addAll(List.of("-CA", folder.resolve(ca + ".pem").toString()));
            sign.addAll(List.of("-CAkey", folder.resolve(ca + "-key.pem").toString(), "-CAcreateserial"));
        }
        openssl(sign);
        Files.delete(request);
        Files.delete(ext);
    }

    /// RKE1's certificates with the subjects, names and uses that RKE gives them (pki/services.go).
    private static final class Certificates {
        static final Path FOLDER = make();

        private static Path make() {
            try {
                Path folder = Files.createTempDirectory("rke-certificates");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> forget(folder)));
                issue(folder, "kube-ca", "/CN=kube-ca", "", 3650, "basicConstraints=critical,CA:true");
                String header = "kube-apiserver-requestheader-ca";
                issue(folder, header, "/CN=" + header, "", 3650, "basicConstraints=critical,CA:true");
                String names = "subjectAltName=IP:51.81.64.31,IP:127.0.0.1,IP:10.43.0.1,DNS:kubernetes,"
                        + "DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local";
                issue(folder, "kube-apiserver", "/CN=kube-apiserver", "kube-ca", 365, SERVER_CLIENT, names);
                issue(folder, "kube-apiserver-proxy-client", "/CN=kube-apiserver-proxy-client", header, 365, CLIENT);
                issue(folder, "kube-controller-manager", "/CN=system:kube-controller-manager", "kube-ca", 365, CLIENT);
                issue(folder, "kube-scheduler", "/CN=system:kube-scheduler", "kube-ca", 365, CLIENT);
                issue(folder, "kube-proxy", "/CN=system:kube-proxy", "kube-ca", 365, CLIENT);
                issue(folder, "kube-node", "/O=system:nodes/CN=system:node", "kube-ca", 365, CLIENT);
                issue(folder, "kube-admin", "/O=system:masters/CN=kube-admin", "kube-ca", 365, CLIENT);
                issue(folder, "kube-service-account-token", "/CN=service-account-token", "kube-ca", 365, SERVER_CLIENT);
                issue(
                        folder,
                        "kube-etcd-51-81-64-31",
                        "/CN=kube-etcd",
                        "kube-ca",
                        365,
                        SERVER_CLIENT,
                        "subjectAltName=IP:51.81.64.31,IP:127.0.0.1,DNS:localhost");
                return folder;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private static void forget(Path folder) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
                Files.delete(folder);
            } catch (IOException leftInTmp) {
                // The system clears its temporary folder.
            }
        }
    }
}
