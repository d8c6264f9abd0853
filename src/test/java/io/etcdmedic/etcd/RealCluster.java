package io.etcdmedic.etcd;

import io.etcdmedic.snapshot.Ports;
import io.etcdmedic.snapshot.Signals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// A real etcd cluster of its own on loopback, of one member or more, which wants client certificates as
/// Kubernetes' etcds do. Certificates lie as RKE1 keeps them.
///
/// Before anything is written, the cluster proves to be the one that was started here: its members carry a random
/// name. Source of certainty: a stray etcd on the same port would have other names.
public final class RealCluster implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(30);

    private final Path folder;
    private final Path binary;
    private final String token = "medic-test-"
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final TestPki pki;
    private final TestPki.Pair client;
    private final List<Seat> seats = new ArrayList<>();

    /// One member's place: its ports and data stay when it is stopped and started again.
    private static final class Seat {
        private final String name;
        private final int clientPort;
        private final int peerPort;
        private Optional<Process> process = Optional.empty();

        Seat(String name, int clientPort, int peerPort) {
            this.name = name;
            this.clientPort = clientPort;
            this.peerPort = peerPort;
        }
    }

    private RealCluster(Path binary, Path folder) throws Exception {
        this.binary = binary;
        this.folder = Files.createDirectories(folder);
        this.pki = new TestPki(folder.resolve("ssl"), "kube-ca");
        this.client = pki.issue("kube-node", "", TestPki.KeyKind.RSA_PKCS1);
    }

    /// The etcds that tests can start, see [io.etcdmedic.snapshot.RealEtcd#binaries()].
    public static List<Path> binaries() {
        return io.etcdmedic.snapshot.RealEtcd.binaries();
    }

    public static RealCluster start(Path binary, Path folder, int members, String... flags) throws Exception {
        RealCluster cluster = new RealCluster(binary, folder);
        TestPki.Pair server = cluster.pki.issue(
                "kube-etcd-127-0-0-1", "IP:127.0.0.1,DNS:localhost,DNS:etcd", TestPki.KeyKind.RSA_PKCS1);
        return cluster.begin(members, server, List.of(flags));
    }

    /// One member that shows `server`; it must come from [#pki()] of the caller's own, so `issue` gets it.
    public static RealCluster startWith(Path binary, Path folder, Issue issue, String... flags) throws Exception {
        RealCluster cluster = new RealCluster(binary, folder);
        return cluster.begin(1, issue.by(cluster.pki), List.of(flags));
    }

    /// Makes the members' certificate.
    public interface Issue {
        TestPki.Pair by(TestPki pki) throws Exception;
    }

    private RealCluster begin(int members, TestPki.Pair server, List<String> flags) throws Exception {
        for (int i = 0; i < members; i++) {
            seats.add(new Seat(token + "-" + i, Ports.free(), Ports.free()));
        }
        String initial = String.join(
                ",",
                seats.stream()
                        .map(s -> s.name + "=" + "https://127.0.0.1:" + s.peerPort)
                        .toList());
        this.server = server;
        this.initial = initial;
        this.flags = flags;
        for (int i = 0; i < members; i++) {
            startMember(i);
        }
        awaitListening();
        return this;
    }

    private TestPki.Pair server = new TestPki.Pair(Path.of(""), Path.of(""));
    private String initial = "";
    private List<String> flags = List.of();

    public void startMember(int index) throws IOException {
        Seat seat = seats.get(index);
        List<String> command = new ArrayList<>(List.of(
                binary.toString(),
                "--name=" + seat.name,
                "--data-dir=" + folder.resolve(seat.name),
                "--listen-client-urls=https://127.0.0.1:" + seat.clientPort,
                "--advertise-client-urls=https://127.0.0.1:" + seat.clientPort,
                "--listen-peer-urls=https://127.0.0.1:" + seat.peerPort,
                "--initial-advertise-peer-urls=https://127.0.0.1:" + seat.peerPort,
                "--initial-cluster=" + initial,
                "--initial-cluster-token=" + token,
                "--client-cert-auth",
                "--trusted-ca-file=" + pki.ca(),
                "--cert-file=" + server.certificate(),
                "--key-file=" + server.key(),
                "--peer-auto-tls",
                "--heartbeat-interval=50",
                "--election-timeout=500",
                "--unsafe-no-fsync"));
        command.addAll(flags);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(
                folder.resolve(seat.name + ".log").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("ETCD"));
        seat.process = Optional.of(builder.start());
    }

    /// A member takes connections once it has a leader.
    public void awaitListening() throws Exception {
        Instant end = Instant.now().plus(START_MAX);
        for (Seat seat : seats) {
            while (!listens(seat.clientPort)) {
                if (Instant.now().isAfter(end) || !seat.process.orElseThrow().isAlive()) {
                    String log = Files.readString(folder.resolve(seat.name + ".log"));
                    close();
                    throw new IOException(binary + " did not become ready: " + log);
                }
                Thread.sleep(20);
            }
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    public TestPki pki() {
        return pki;
    }

    public TestPki.Pair client() {
        return client;
    }

    public String endpoint(int member) {
        return "https://127.0.0.1:" + seats.get(member).clientPort;
    }

    public List<String> endpoints() {
        return java.util.stream.IntStream.range(0, seats.size())
                .mapToObj(this::endpoint)
                .toList();
    }

    /// With RKE1's kind of files.
    public Connection connection() {
        return Connections.tls(endpoints(), pki.ca(), Optional.of(client));
    }

    /// The words that make `medic` connect.
    public List<String> options() {
        return List.of(
                "--endpoints", String.join(",", endpoints()),
                "--cacert", pki.ca().toString(),
                "--cert", client.certificate().toString(),
                "--key", client.key().toString());
    }

    /// etcd's own client, connected to the first member; proves first that the cluster is ours.
    public String etcdctl(String... arguments) throws Exception {
        String members = run("member", "list");
        if (!members.contains(token)) {
            throw new IllegalStateException("another etcd answers at " + endpoint(0) + ": " + members);
        }
        return run(arguments);
    }

    private String run(String... arguments) throws Exception {
        Path beside = binary.resolveSibling("etcdctl");
        List<String> command = new ArrayList<>(List.of(
                Files.isExecutable(beside) ? beside.toString() : "etcdctl",
                "--endpoints=" + endpoint(0),
                "--cacert=" + pki.ca(),
                "--cert=" + client.certificate(),
                "--key=" + client.key()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("ETCDCTL_"));
        builder.environment().put("ETCDCTL_API", "3");
        Process tool = builder.start();
        String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (tool.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
        return said;
    }

    public void stopMember(int index) throws InterruptedException {
        Seat seat = seats.get(index);
        seat.process.ifPresent(Process::destroy);
        if (seat.process.isPresent() && !seat.process.get().waitFor(20, TimeUnit.SECONDS)) {
            seat.process.get().destroyForcibly().waitFor();
        }
        seat.process = Optional.empty();
    }

    /// Freezes or thaws a member: SIGSTOP, SIGCONT.
    public void signal(int index, String signal) throws Exception {
        Signals.send(seats.get(index).process.orElseThrow(), signal);
    }

    @Override
    public void close() {
        for (Seat seat : seats) {
            seat.process.ifPresent(Process::destroyForcibly);
        }
        for (Seat seat : seats) {
            seat.process.ifPresent(p -> p.onExit().join());
        }
    }
}
