package io.etcdmedic.snapshot;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Write;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real etcd of one member on loopback, spoken to through its JSON gateway: an oracle that shares no code with ours.
public final class RealEtcd implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(30);

    private final Path binary;
    private final Path data;
    private final Process process;
    private final URI client;
    private final HttpClient http = HttpClient.newHttpClient();

    private RealEtcd(Path binary, Path data, Process process, URI client) {
        this.binary = binary;
        this.data = data;
        this.process = process;
        this.client = client;
    }

    /// The etcds of this machine: on PATH, in KUBEBUILDER_ASSETS, and in the folders that MEDIC_ETCDS lists.
    public static List<Path> binaries() {
        List<Path> found = new ArrayList<>();
        firstOnPath().ifPresent(found::add);
        Stream.of("KUBEBUILDER_ASSETS", "MEDIC_ETCDS")
                .map(System::getenv)
                .filter(java.util.Objects::nonNull)
                .flatMap(folders -> Stream.of(folders.split(":")))
                .map(folder -> Path.of(folder, "etcd"))
                .filter(Files::isExecutable)
                .forEach(found::add);
        return found.stream().distinct().toList();
    }

    private static java.util.Optional<Path> firstOnPath() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "etcd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Starts an etcd whose data lie in `data`: a new one, or one that was stopped or restored there.
    static RealEtcd start(Path binary, Path data) throws IOException, InterruptedException {
        return start(binary, data, List.of());
    }

    /// @param flags more of etcd's own
    public static RealEtcd start(Path binary, Path data, List<String> flags) throws IOException, InterruptedException {
        int clientPort = Ports.free();
        int peerPort = Ports.free();
        URI client = URI.create("http://127.0.0.1:" + clientPort);
        String peer = "http://127.0.0.1:" + peerPort;
        ProcessBuilder builder = new ProcessBuilder(
                binary.toString(),
                "--name=default",
                "--data-dir=" + data,
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--unsafe-no-fsync");
        builder.command().addAll(flags);
        if (!Files.exists(data.resolve("member"))) {
            builder.command()
                    .addAll(List.of("--initial-advertise-peer-urls=" + peer, "--initial-cluster=default=" + peer));
        }
        builder.environment().keySet().removeIf(name -> name.startsWith("ETCD_"));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(Path.of(data + ".log").toFile())
                .start();
        RealEtcd etcd = new RealEtcd(binary, data, process, client);
        etcd.awaitReady();
        return etcd;
    }

    private void awaitReady() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(START_MAX);
        while (Instant.now().isBefore(end) && process.isAlive()) {
            try {
                range(Key.of("/"), OptionalLong.empty());
                return;
            } catch (IOException notYet) {
                Thread.sleep(20);
            }
        }
        String log = Files.readString(Path.of(data + ".log"));
        close();
        throw new IOException(binary + " did not become ready: " + log);
    }

    /// A transaction without comparisons.
    public Document commit(List<Write> writes) throws IOException, InterruptedException {
        List<String> operations = writes.stream()
                .map(write -> switch (write) {
                    case Write.Put put ->
                        "{\"requestPut\":{\"key\":\"%s\",\"value\":\"%s\",\"lease\":\"%d\"}}"
                                .formatted(
                                        base64(put.key()),
                                        base64(put.value()),
                                        put.lease().id());
                    case Write.Delete delete ->
                        "{\"requestDeleteRange\":{\"key\":\"%s\"}}".formatted(base64(delete.key()));
                })
                .toList();
        return call("/v3/kv/txn", "{\"success\":[" + String.join(",", operations) + "]}");
    }

    /// A transaction of operations as the gateway takes them.
    void commitRaw(List<String> operations) throws IOException, InterruptedException {
        call("/v3/kv/txn", "{\"success\":[" + String.join(",", operations) + "]}");
    }

    void revoke(LeaseId lease) throws IOException, InterruptedException {
        call("/v3/lease/revoke", "{\"ID\":\"" + lease.id() + "\"}");
    }

    public void compact(long revision) throws IOException, InterruptedException {
        call("/v3/kv/compaction", "{\"revision\":\"" + revision + "\",\"physical\":true}");
    }

    void defragment() throws IOException, InterruptedException {
        call("/v3/maintenance/defragment", "{}");
    }

    public void grant(LeaseId lease, long ttlSeconds) throws IOException, InterruptedException {
        call("/v3/lease/grant", "{\"ID\":\"" + lease.id() + "\",\"TTL\":\"" + ttlSeconds + "\"}");
    }

    /// HashKV at a revision, by etcdctl: the gateway only offers the hash of the whole file.
    KeyspaceHash hash(long revision) throws IOException, InterruptedException {
        Document answer = Json.read(run("endpoint", "hashkv", "--rev=" + revision, "-w=json"))
                .at("0", "HashKV")
                .orElseThrow();
        return new KeyspaceHash(
                (int) number(answer, "hash"), Revision.of(revision), number(answer, "compact_revision"));
    }

    /// Every key from `from` on, as it stood at `revision` or now.
    public List<Entry> range(Key from, OptionalLong revision) throws IOException, InterruptedException {
        Document answer = call(
                "/v3/kv/range",
                "{\"key\":\"%s\",\"range_end\":\"AA==\",\"revision\":\"%d\"}"
                        .formatted(base64(from), revision.orElse(0)));
        return answer.list("kvs").stream()
                .map(kv -> new Entry(
                        new Key(bytes(kv, "key")),
                        bytes(kv, "value"),
                        Revision.of(number(kv, "create_revision")),
                        Revision.of(number(kv, "mod_revision")),
                        number(kv, "version"),
                        new LeaseId(number(kv, "lease"))))
                .toList();
    }

    public long revision() throws IOException, InterruptedException {
        Document answer = call("/v3/kv/range", "{\"key\":\"AA==\"}");
        return number(answer.at("header").orElseThrow(), "revision");
    }

    /// `etcdctl snapshot save`, with the etcdctl that lies beside the binary or on PATH.
    public void save(Path file) throws IOException, InterruptedException {
        run("snapshot", "save", file.toString());
    }

    /// `etcdctl snapshot restore`, with the etcdctl on PATH, which is a 3.4 or 3.5.
    public static void restore(Path file, Path data) throws IOException, InterruptedException {
        run(List.of("etcdctl", "snapshot", "restore", file.toString(), "--data-dir=" + data));
    }

    /// etcd's own client.
    public String etcdctl(List<String> arguments) throws IOException, InterruptedException {
        return run(arguments.toArray(String[]::new));
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        Path beside = binary.resolveSibling("etcdctl");
        List<String> command = new ArrayList<>(
                List.of(Files.isExecutable(beside) ? beside.toString() : "etcdctl", "--endpoints=" + client));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("ETCDCTL_"));
        builder.environment().put("ETCDCTL_API", "3");
        Process tool = builder.start();
        String said = new String(tool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (tool.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
        return said;
    }

    Path database() {
        return data.resolve("member/snap/db");
    }

    private Document call(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(client.resolve(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.body());
        }
        return Json.read(answer.body());
    }

    /// The gateway writes 64-bit numbers as text and leaves zeros out.
    private static long number(Document document, String field) {
        return document.whole(field)
                .orElseGet(() -> document.text(field).map(Long::parseLong).orElse(0L));
    }

    private static Bytes bytes(Document document, String field) {
        return Bytes.owned(Base64.getDecoder().decode(document.text(field).orElse("")));
    }

    private static String base64(Key key) {
        return base64(key.bytes());
    }

    static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toArray());
    }

    /// Freezes it or lets it go on: STOP, CONT; or KILL.
    public void signal(String name) throws IOException, InterruptedException {
        Signals.send(process, name);
    }

    /// Where it listens for clients.
    public String endpoint() {
        return client.toString();
    }

    /// Stops the server and keeps its data.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
