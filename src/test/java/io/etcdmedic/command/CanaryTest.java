package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.codec.Encoding;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.etcd.RealCluster;
import io.etcdmedic.node.PostNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No command shows a secret that it was not asked for: a value that stands nowhere else lies wherever clusters
/// keep secrets, and is searched for in all that is printed. It starts an etcd and runs some two hundred commands.
class CanaryTest {
    private static final String CANARY = "Canary7qZ41vXw";
    private static final String IN_BASE64 = base64(CANARY);
    private static final List<String> FORMS = forms();
    private static final List<String> FORMATS =
            List.of("json", "yaml", "jsonl", "raw", "hex", "proto", "meta", "name", "wide", "table");

    @TempDir
    static Path folder = Path.of("");

    private static RealCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = RealCluster.start(RealCluster.binaries().getLast(), folder.resolve("cluster"), 1);
        put(
                "namespaces/kube-system",
                "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"kube-system\"}}");
        put("secrets/shop/plain", secret("plain", "Opaque", "\"data\":{\"p\":\"" + IN_BASE64 + "\"}"));
        put("secrets/shop/plain", secret("plain", "Opaque", "\"data\":{\"p\":\"" + IN_BASE64 + "\",\"q\":\"\"}"));
        put("secrets/shop/text", secret("text", "Opaque", "\"stringData\":{\"p\":\"" + CANARY + "\"}"));
        put(
                "secrets/shop/token",
                secret("token", "kubernetes.io/service-account-token", "\"data\":{\"token\":\"" + IN_BASE64 + "\"}"));
        put(
                "secrets/kube-system/bootstrap-token-abcdef",
                secret(
                        "bootstrap-token-abcdef",
                        "bootstrap.kubernetes.io/token",
                        "\"data\":{\"token-secret\":\"" + IN_BASE64 + "\"}"));
        put("secrets/shop/gone", secret("gone", "Opaque", "\"data\":{\"p\":\"" + IN_BASE64 + "\"}"));
        cluster.etcdctl("del", "/registry/secrets/shop/gone");
        put("secrets/shop/broken", "{\"kind\":\"Secret\",\"data\":{\"p\":" + CANARY + "}}");
        put("secrets/shop/list", "[\"" + CANARY + "\"]");
        put("secrets/shop/noise", CANARY);
        put(
                "example.com/secrets/shop/custom",
                "{\"kind\":\"Secret\",\"apiVersion\":\"example.com/v1\","
                        + "\"metadata\":{\"name\":\"custom\",\"annotations\":{\"a\":\"" + CANARY
                        + "\"}},\"spec\":{\"p\":\"" + CANARY + "\"}}");
        map("kube-system/full-cluster-state", "state", "{\\\"key\\\":\\\"" + CANARY + "\\\"}");
        map("shop/kubeconfig", "config", "users:\\n- user:\\n    client-key-data: " + IN_BASE64 + "\\n");
        map("shop/pem", "key", "-----BEGIN RSA PRIVATE KEY-----\\n" + CANARY + "\\n-----END RSA PRIVATE KEY-----\\n");
        map("shop/pem64", "key", base64("-----BEGIN RSA PRIVATE KEY-----\n" + CANARY + "\n"));
        map("shop/manifest", "secret.yaml", "apiVersion: v1\\nkind: Secret\\ndata:\\n  p: " + IN_BASE64 + "\\n");
        map("shop/pem", "key", "-----BEGIN EC PRIVATE KEY-----\\n" + CANARY + "\\n-----END EC PRIVATE KEY-----\\n");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static String secret(String name, String type, String data) {
        return "{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"shop\",\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"{"
                + "\\\"stringData\\\":{\\\"p\\\":\\\"" + CANARY + "\\\"}}\"}},\"type\":\"" + type + "\"," + data + "}";
    }

    private static void map(String where, String name, String value) throws Exception {
        put(
                "configmaps/" + where,
                "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\""
                        + where.substring(where.indexOf('/') + 1) + "\"},\"data\":{\"" + name + "\":\"" + value
                        + "\"}}");
    }

    private static void put(String key, String value) throws Exception {
        cluster.etcdctl("put", "/registry/" + key, value);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The canary itself, in base64 wherever it may begin, in hexadecimal and in escapes.
    private static List<String> forms() {
        List<String> forms = new ArrayList<>(List.of(CANARY));
        for (int before = 0; before < 3; before++) {
            String text = base64("x".repeat(before) + CANARY + "xx");
            forms.add(text.substring(4, 4 + 12));
        }
        String hex = HexFormat.of().formatHex(CANARY.getBytes(StandardCharsets.UTF_8));
        forms.add(hex);
        forms.add(hex.toUpperCase(Locale.ROOT));
        forms.add(hex.replaceAll("(..)", " $1").strip());
        forms.add(hex.replaceAll("(..)", "\\\\x$1"));
        forms.add(hex.replaceAll("(..)", "\\\\u00$1"));
        return forms;
    }

    /// Every reading command on a live cluster, and on a snapshot of it, in every form.
    @Test
    void noCommandShowsASecret() throws Exception {
        Path snapshot = folder.resolve("snapshot.db");
        cluster.etcdctl("snapshot", "save", snapshot.toString());
        Path archive = folder.resolve("archive.tar");
        List<String> live = cluster.options();
        List<String> file = List.of("--snapshot", snapshot.toString());
        Ran created = run(live, "backup", "create", archive.toString());
        assertThat(created.status()).as(created.stderr()).isZero();
        List<String> seen = new ArrayList<>();
        for (List<String> source : List.of(live, file)) {
            for (List<String> words : reading(archive, source == live ? List.of("json", "yaml", "raw") : FORMATS)) {
                look(source, words, seen);
            }
        }
        look(live, List.of("watch", "--all", "--from-revision", "2", "--count", "15"), seen);
        for (String format : List.of("jsonl", "yaml", "json", "name")) {
            look(live, List.of("watch", "--all", "--from-revision", "2", "--count", "15", "-o", format), seen);
        }
        look(live, List.of("watch", "secrets", "-A", "--from-revision", "2", "--count", "6"), seen);
        look(live, List.of("diff", "--from", "4", "--changes"), seen);
        changing(live, seen);
        assertThat(seen).isEmpty();
        Ran shown = run(live, "get", "secret", "plain", "-n", "shop", "-o", "json", "--show-secrets");
        assertThat(shown.text()).contains(IN_BASE64);
    }

    private static List<List<String>> reading(Path archive, List<String> formats) {
        List<List<String>> commands = new ArrayList<>(List.of(
                List.of("stat"),
                List.of("stat", "--encoding"),
                List.of("top"),
                List.of("ls", "/registry/secrets/"),
                List.of("tree"),
                List.of("find", "--undecodable"),
                List.of("find", "secrets", "--where", "int(object.stringData.p) > 3"),
                List.of("find", "configmaps", "--where", "timestamp(object.data.key) < now"),
                List.of("find", "secrets", "--where", "object.data[object.stringData.p] == ''"),
                List.of("get", "secrets", "-A", "--sort-by", ".stringData.p"),
                List.of("get", "secrets.example.com", "-A"),
                List.of("history", "secret", "plain", "-n", "shop", "--changes"),
                List.of("history", "cm", "pem", "-n", "shop", "--changes", "-o", "json"),
                List.of("history", "secret", "gone", "-n", "shop", "--changes", "-o", "yaml"),
                List.of("backup", "list", archive.toString()),
                List.of("backup", "diff", archive.toString())));
        for (String format : formats) {
            commands.add(List.of("get", "--all", "-o", format));
            commands.add(List.of("get", "secrets", "-A", "-o", format));
            commands.add(List.of("find", "-o", format));
            for (String key : List.of("secrets/shop/plain", "secrets/shop/text", "configmaps/shop/pem")) {
                commands.add(List.of("backup", "show", archive.toString(), "/registry/" + key, "-o", format));
            }
            for (String name : List.of("plain", "text", "token", "broken", "list", "noise")) {
                commands.add(List.of("get", "/registry/secrets/shop/" + name, "-o", format));
            }
            for (String name : List.of("kubeconfig", "pem", "pem64", "manifest")) {
                commands.add(List.of("get", "cm", name, "-n", "shop", "-o", format));
            }
            commands.add(List.of("get", "cm", "full-cluster-state", "-n", "kube-system", "-o", format));
            commands.add(List.of("get", "/registry/example.com/secrets/shop/custom", "-o", format));
        }
        return commands;
    }

    private static void changing(List<String> live, List<String> seen) throws Exception {
        Path edited = Files.writeString(
                folder.resolve("edited.json"),
                secret("plain", "Opaque", "\"data\":{\"p\":\"" + base64(CANARY + "2") + "\"}"));
        Path map = Files.writeString(
                folder.resolve("map.json"),
                "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"pem\"},\"data\":{\"key\":\"none\"}}");
        Path plan = folder.resolve("plan");
        look(live, List.of("put", "secret", "plain", "-n", "shop", "-f", edited.toString()), seen);
        look(live, List.of("put", "cm", "pem", "-n", "shop", "-f", map.toString()), seen);
        look(live, List.of("edit", "cm", "pem", "-n", "shop"), seen);
        look(live, List.of("edit", "secret", "plain", "-n", "shop"), seen);
        look(
                live,
                List.of("put", "secret", "plain", "-n", "shop", "-f", edited.toString(), "--plan", plan.toString()),
                seen);
        look(live, List.of("plan", "show", plan.toString()), seen);
        look(live, List.of("plan", "show", plan.toString(), "-o", "yaml"), seen);
        look(live, List.of("delete", "secret", "plain", "-n", "shop"), seen);
        look(live, List.of("undelete", "secret", "gone", "-n", "shop"), seen);
    }

    /// What is kept of a change: the plan, the journal, and what can be seen of them afterwards.
    @Test
    void aChangeLeavesNoneToBeSeen() throws Exception {
        put("secrets/shop/kept", secret("kept", "Opaque", "\"data\":{\"p\":\"" + IN_BASE64 + "\"}"));
        Path edited = Files.writeString(
                folder.resolve("kept.json"),
                secret("kept", "Opaque", "\"data\":{\"p\":\"" + base64(CANARY + "3") + "\"}"));
        String plan = folder.resolve("kept.plan").toString();
        List<String> live = new ArrayList<>(cluster.options());
        live.addAll(List.of("--state-dir", folder.resolve("state").toString()));
        List<String> seen = new ArrayList<>();
        String file = edited.toString();
        Ran planned = run(live, "put", "secret", "kept", "-n", "shop", "-f", file, "--show-secrets", "--plan", plan);
        assertThat(planned.status()).as(planned.stderr()).isZero();
        look(live, List.of("plan", "show", plan, "--commands"), seen);
        look(live, List.of("plan", "apply", plan, "--approve", planned.text().strip()), seen);
        assertThat(cluster.etcdctl("get", "/registry/secrets/shop/kept")).contains(base64(CANARY + "3"));
        String id = run(live, "journal", "list", "-o", "name").text().strip();
        assertThat(id).isNotEmpty();
        for (String format : List.of("table", "yaml", "json", "jsonl", "name", "raw")) {
            look(live, List.of("journal", "list", "-o", format), seen);
            look(live, List.of("journal", "show", id, "-o", format), seen);
            look(live, List.of("undo", id, "--dry-run", "-o", format), seen);
        }
        look(live, List.of("journal", "verify"), seen);
        look(live, List.of("journal", "prune", "--dry-run"), seen);
        look(live, List.of("journal", "resume"), seen);
        assertThat(seen).isEmpty();
        assertThat(Files.readString(folder.resolve("state/journal.jsonl"))).doesNotContain(FORMS);
    }

    /// The private parts of a node: keys, kubeconfigs, the encryption's keys, the variables of its containers.
    @Test
    void aNodeShowsNoneEither() throws Exception {
        Path node = Files.createDirectories(folder.resolve("node"));
        PostNode.make(node);
        Path root = node.resolve("mnt");
        Path ssl = root.resolve("etc/kubernetes/ssl");
        Files.writeString(
                ssl.resolve("kubecfg-kube-admin.yaml"), "users: [{user: {client-key-data: " + IN_BASE64 + "}}]\n");
        Files.writeString(
                ssl.resolve("kube-scheduler-key.pem"),
                "-----BEGIN RSA PRIVATE KEY-----\n" + IN_BASE64 + "\n-----END RSA PRIVATE KEY-----\n");
        Files.writeString(
                ssl.resolve("encryption.yaml"),
                "kind: EncryptionConfiguration\nresources: [{resources: [secrets], providers: [{aescbc: {keys: [{name: a,"
                        + " secret: " + IN_BASE64 + "}]}}]}]\n");
        Path etcd = root.resolve("var/lib/docker/containers/etcd/config.v2.json");
        Files.writeString(
                etcd,
                Files.readString(etcd)
                        .replaceFirst("\"Image\":", "\"Env\": [\"ETCDCTL_PASSWORD=" + CANARY + "\"], \"Image\":")
                        .replaceFirst("\"Args\":\\[", "\"Args\":[\"--token=" + CANARY + "\","));
        Path dropIns = Files.createDirectories(root.resolve("etc/systemd/system/kubelet.service.d"));
        Files.writeString(
                dropIns.resolve("10-token.conf"),
                "[Service]\nEnvironment=JOIN_TOKEN=" + CANARY + "\nEnvironment=\"A=1\" \"API_KEY=" + CANARY + "\"\n");
        List<String> at = new ArrayList<>(List.of("--root", root.toString()));
        at.addAll(List.of("--state-dir", folder.resolve("node-state").toString()));
        String module = node.resolve("kubernetes.nix").toString();
        List<String> seen = new ArrayList<>();
        for (String format : List.of("table", "yaml", "json")) {
            for (String words : List.of(
                    "inspect",
                    "inspect --flags",
                    "certs check",
                    "certs fix --dry-run",
                    "certs fix --snippet",
                    "pause check",
                    "cni check",
                    "nix generate --explain",
                    "nix check --units",
                    "version check",
                    "preflight --all",
                    "preflight " + module + " --host srv5",
                    "rebuild --module " + module)) {
                List<String> line = new ArrayList<>(List.of("node"));
                line.addAll(List.of(words.split(" ", -1)));
                line.addAll(List.of("-o", format));
                look(at, line, seen);
            }
        }
        look(at, List.of("node", "inspect", "--save", folder.resolve("facts").toString()), seen);
        assertThat(seen).isEmpty();
        try (Stream<Path> files = Files.walk(folder.resolve("facts"))) {
            for (Path kept : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(kept)).as(kept.toString()).doesNotContain(FORMS);
            }
        }
        try (Stream<Path> files = Files.walk(folder.resolve("facts"))) {
            assertThat(files.filter(Files::isRegularFile).map(CanaryTest::read))
                    .anyMatch(text ->
                            text.contains("ETCDCTL_PASSWORD=WITHHELD") && text.contains("--initial-cluster-token=etcd"))
                    .anyMatch(text -> text.contains("--use-service-account-credentials=true"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A transcript holds none, whatever the lines asked for.
    @Test
    void aTranscriptHoldsNone() throws Exception {
        Path script = folder.resolve("canary.medic");
        Path transcript = folder.resolve("canary.log");
        Files.writeString(script, """
                get secrets -A -o yaml --show-secrets
                get /registry/secrets/shop/plain -o raw --show-secrets
                get /registry/secrets/shop/text -o hex --show-secrets
                get secret plain -n shop -o json --show-secrets | cat
                get secrets -A -o yaml
                history secret plain -n shop --changes
                diff --from 4 --changes --show-secrets
                find secrets --where "int(object.stringData.p) > 3"
                status --user root:%s
                """.formatted(CANARY));
        List<String> line = new ArrayList<>(cluster.options());
        line.addAll(List.of("--transcript", transcript.toString(), "--keep-going"));
        Ran ran = run(line, "run", script.toString());
        assertThat(ran.text()).contains(IN_BASE64);
        assertThat(Files.readString(transcript))
                .contains("> get secrets -A -o yaml\n")
                .doesNotContain(FORMS);
    }

    @Test
    void decodeShowsNoneEither() throws Exception {
        Document secret = Json.read(secret("plain", "Opaque", "\"data\":{\"p\":\"" + IN_BASE64 + "\"}"));
        List<String> seen = new ArrayList<>();
        for (Encoding encoding : Encoding.values()) {
            Bytes value = Codec.plain().encode(secret, encoding);
            Path file = folder.resolve("value-" + encoding.name());
            Files.write(file, value.toArray());
            Path damaged = folder.resolve("damaged-" + encoding.name());
            Files.write(damaged, value.slice(0, value.length() - 4).toArray());
            for (String format : FORMATS) {
                look(List.of(), List.of("decode", file.toString(), "-o", format), seen);
                look(List.of(), List.of("decode", damaged.toString(), "-o", format), seen);
                look(List.of(), List.of("decode", file.toString(), damaged.toString(), "-o", format), seen);
            }
        }
        assertThat(seen).isEmpty();
    }

    private static void look(List<String> source, List<String> words, List<String> seen) {
        Ran ran = run(source, words.toArray(String[]::new));
        assertThat(ran.stderr()).as("%s is a command", words).doesNotContain("reading the command line");
        String all = ran.stdout().toUtf8() + ran.stderr();
        for (String form : FORMS) {
            if (all.contains(form)) {
                int at = all.indexOf(form);
                seen.add(words + (source.size() > 2 ? " (live)" : " (file)") + ": "
                        + all.substring(Math.max(0, at - 60), Math.min(all.length(), at + form.length())));
                return;
            }
        }
    }

    private static Ran run(List<String> source, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(source);
        return Ran.of(all.toArray(String[]::new));
    }
}
