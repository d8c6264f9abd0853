package io.etcdmedic.etcd;

import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DefragmentRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Source;
import io.etcdmedic.keyspace.WritePermit;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A connection to a live cluster: its members, alarms and hashes, its keys, and what changes the cluster itself.
public final class EtcdCluster implements AutoCloseable {
    /// Compaction and defragmentation rewrite the whole database, at some 100 MB/s.
    private static final Duration MAINTENANCE_MAX = Duration.ofMinutes(10);

    private final Loop loop;
    private final Doors doors;
    private final EtcdClient client;
    private final StatusResponse greeting;

    private EtcdCluster(Loop loop, Doors doors, StatusResponse greeting) {
        this.loop = loop;
        this.doors = doors;
        this.client = doors.any();
        this.greeting = greeting;
    }

    /// Begins, beside the caller, with what the next connection needs wherever it leads to. Whoever calls this
    /// calls [#unprepare] when it is known that there will be none.
    public static void prepare() {
        Preparation.begin();
    }

    public static void unprepare() {
        Preparation.forget();
    }

    /// Connects, and asks one member who it is.
    ///
    /// @throws Failure.Unreachable when nobody answers; every reason has its own words
    /// @throws Failure.Locked when our certificate or user is not accepted
    public static EtcdCluster open(Connection connection) {
        return tried(connection, true).or(() -> tried(connection, false)).orElseThrow();
    }

    /// Each try has a loop of its own, because closing a client of jetcd closes its loop.
    ///
    /// @return empty when the first try's handshake failed: another offer may do better
    private static Optional<EtcdCluster> tried(Connection connection, boolean firstTry) {
        Loop loop = Preparation.loop();
        try {
            Doors doors = Doors.of(connection, loop, firstTry);
            try {
                return Optional.of(new EtcdCluster(loop, doors, greet(doors.any())));
            } catch (StatusRuntimeException failed) {
                Optional<Failure> why = firstTry && CallFailure.isHandshakeFailure(failed)
                        ? Optional.empty()
                        : Optional.of(doors.any().failure("connecting to " + connection.names(), failed));
                doors.close();
                loop.close();
                if (why.isPresent()) {
                    throw why.get();
                }
                return Optional.empty();
            }
        } catch (RuntimeException failed) {
            loop.close();
            throw failed;
        }
    }

    private static StatusResponse greet(EtcdClient client) {
        Duration max = client.connection().dialMax().plus(client.connection().commandMax());
        return client.unary(MaintenanceGrpc::newBlockingStub, max).status(StatusRequest.getDefaultInstance());
    }

    public Connection connection() {
        return client.connection();
    }

    /// etcd's cluster ID in hexadecimal; empty for kine, which has none.
    public String clusterId() {
        return isKine() ? "" : Long.toHexString(greeting.getHeader().getClusterId());
    }

    /// k3s's stand-in for etcd on SQL: its answers carry no cluster. Source: k3s-io/kine pkg/server.
    public boolean isKine() {
        return greeting.getHeader().getClusterId() == 0;
    }

    /// What the member that greeted us runs.
    public String version() {
        return greeting.getVersion();
    }

    public Source source() {
        return new Source(Source.Kind.LIVE, connection().names(), clusterId());
    }

    /// The cluster's keys, over this connection.
    public EtcdKeyspace keyspace() {
        return new EtcdKeyspace(client, source());
    }

    /// What one member holds by itself, right or wrong: for comparing members, never for repairing.
    public Keyspace keyspaceOf(MemberAnswer.Answered answer) {
        Endpoint endpoint = answer.status().endpoint();
        String name = answer.member().display() + " at " + endpoint;
        return EtcdKeyspace.ofMember(doors.at(endpoint), new Source(Source.Kind.LIVE, name, clusterId()));
    }

    /// All members, as the one that answers knows them; no quorum is needed.
    public List<Member> members() {
        return client
                .read(
                        "listing the members",
                        () -> client.unary(ClusterGrpc::newBlockingStub)
                                .memberList(MemberListRequest.getDefaultInstance()))
                .getMembersList()
                .stream()
                .map(m -> new Member(
                        m.getID(), m.getName(), m.getPeerURLsList(), m.getClientURLsList(), m.getIsLearner()))
                .toList();
    }

    /// Asks every member itself, all at once.
    public List<MemberAnswer> ask() {
        return doors.ask(members());
    }

    /// The certificate that is shown at `endpoint`; empty for plaintext, or when nobody answers.
    public Optional<ServerCertificate> certificate(Endpoint endpoint) {
        return doors.certificate(endpoint);
    }

    /// When our own client certificate ends; empty without one.
    public Optional<Instant> clientCertificateEnds() {
        return doors.clientCertificateEnds();
    }

    /// The alarms that are raised, also those that jetcd does not know. etcd asks its quorum even for this.
    public List<Alarm> alarms() {
        return client
                .read(
                        "listing the alarms",
                        () -> client.unary(MaintenanceGrpc::newBlockingStub).alarm(AlarmRequest.getDefaultInstance()))
                .getAlarmsList()
                .stream()
                .map(a -> new Alarm(a.getMemberID(), Alarm.kind(a.getAlarmValue())))
                .toList();
    }

    /// Every lease that has not ended, by number.
    public List<LeaseId> leases() {
        return LeaseCalls.all(client);
    }

    /// What is left of one lease; empty when it has ended.
    public Optional<LeaseTime> lease(LeaseId id) {
        return LeaseCalls.time(client, id);
    }

    /// Watches `range`, and goes on when the connection breaks.
    ///
    /// @param from the first revision whose changes are wanted; empty: from now on
    public KeyWatch watch(KeyRange range, Optional<Revision> from) {
        return new KeyWatch(
                client, range, from.orElseGet(() -> keyspace().revision().after()));
    }

    /// Saves the database of the first endpoint's member.
    ///
    /// @param progress told the bytes that are to come in all, about, and those that have arrived
    public SnapshotSave save(Path file, SnapshotProgress progress) {
        Endpoint endpoint = connection().endpoints().getFirst();
        MemberStatus member = doors.status(endpoint);
        try (SnapshotStream stream = new SnapshotStream(doors.at(endpoint))) {
            return SnapshotSave.of(member, stream, file, bytes -> progress.arrived(bytes, member.dbBytes()));
        }
    }

    /// Who is told how far a snapshot is.
    @FunctionalInterface
    public interface SnapshotProgress {
        void arrived(long bytes, long bytesInAll);
    }

    /// Hashes of `answers`' members at one revision, in their order.
    public List<HashAnswer> hashes(List<MemberAnswer> answers, Revision revision) {
        return doors.hashes(answers, revision);
    }

    /// Forgets every revision below `revision` that no key needs, and waits until it is done.
    public void compact(Revision revision, WritePermit permit) {
        CompactionRequest request = CompactionRequest.newBuilder()
                .setRevision(revision.number())
                .setPhysical(true)
                .build();
        client.call(
                "compacting up to revision " + revision + " for plan " + permit.planId(),
                () -> client.unary(KVGrpc::newBlockingStub, MAINTENANCE_MAX).compact(request));
    }

    /// Rewrites one member's database file without its holes; the member answers nobody meanwhile.
    ///
    /// @throws Failure.Refused when another member answers at `endpoint`
    public void defragment(long memberId, Endpoint endpoint, WritePermit permit) {
        String operation = "defragmenting " + Long.toHexString(memberId) + " for plan " + permit.planId();
        EtcdClient door = doors.at(endpoint);
        long found = door.call(
                operation,
                () -> door.unary(MaintenanceGrpc::newBlockingStub)
                        .status(StatusRequest.getDefaultInstance())
                        .getHeader()
                        .getMemberId());
        if (found != memberId) {
            throw new Failure.Refused(
                    Problem.in(operation).found("the member " + Long.toHexString(found) + " answers at " + endpoint));
        }
        door.call(
                operation,
                () -> door.unary(MaintenanceGrpc::newBlockingStub, MAINTENANCE_MAX)
                        .defragment(DefragmentRequest.getDefaultInstance()));
    }

    /// Takes an alarm back.
    ///
    /// @param alarm as [Alarm#kind()] names it
    public void disarm(long memberId, String alarm, WritePermit permit) {
        AlarmRequest request = AlarmRequest.newBuilder()
                .setAction(AlarmRequest.AlarmAction.DEACTIVATE)
                .setMemberID(memberId)
                .setAlarmValue(Alarm.number(alarm))
                .build();
        client.call(
                "disarming " + alarm + " for plan " + permit.planId(),
                () -> client.unary(MaintenanceGrpc::newBlockingStub).alarm(request));
    }

    @Override
    public void close() {
        doors.close();
        loop.close();
    }
}
