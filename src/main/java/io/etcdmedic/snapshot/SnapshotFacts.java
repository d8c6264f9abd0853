package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.BoltFile;
import io.etcdmedic.bbolt.Bucket;
import io.etcdmedic.bbolt.Cursor;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/// What a database file says beside its keys.
///
/// @param members as the last membership change left them; a restore replaces them
/// @param removedMembers IDs in hexadecimal
/// @param clusterVersion as in `3.6.0`; empty when the file does not say
/// @param storageVersion the schema that etcd 3.6 and later write; empty before
/// @param consistentIndex the last entry of the raft log that is in the file
/// @param authUsers how many users there are
/// @param buckets every bucket at the top, by name
/// @param faults what could not be read, in words
/// Source: etcd server/storage/schema.
public record SnapshotFacts(
        List<Member> members,
        List<String> removedMembers,
        List<Lease> leases,
        List<Alarm> alarms,
        String clusterVersion,
        String storageVersion,
        OptionalLong consistentIndex,
        OptionalLong term,
        boolean authEnabled,
        long authUsers,
        List<String> buckets,
        List<String> faults) {

    /// @param id in hexadecimal, as etcdctl prints it
    public record Member(String id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {}

    /// @param ttlSeconds as it was granted
    public record Lease(LeaseId id, long ttlSeconds) {}

    /// @param member ID in hexadecimal
    /// @param kind `NOSPACE` or `CORRUPT`
    public record Alarm(String member, String kind) {}

    static SnapshotFacts of(BoltFile file) {
        List<String> faults = new ArrayList<>();
        Bucket root = file.root();
        Optional<Bucket> meta = root.bucket("meta");
        Optional<Bucket> cluster = root.bucket("cluster");
        List<Lease> leases = new ArrayList<>();
        each(root.bucket("lease"), faults, (_, value) -> leases.add(lease(value)));
        List<Member> members = new ArrayList<>();
        each(root.bucket("members"), faults, (key, value) -> members.add(member(key, value)));
        List<String> removed = new ArrayList<>();
        each(root.bucket("members_removed"), faults, (key, _) -> removed.add(key.toString()));
        List<Alarm> alarms = new ArrayList<>();
        each(root.bucket("alarm"), faults, (key, _) -> alarms.add(alarm(key)));
        long[] users = new long[1];
        each(root.bucket("authUsers"), faults, (_, _) -> users[0]++);
        return new SnapshotFacts(
                List.copyOf(members),
                List.copyOf(removed),
                List.copyOf(leases),
                List.copyOf(alarms),
                text(cluster, "clusterVersion"),
                text(meta, "storageVersion"),
                number(meta, "consistent_index"),
                number(meta, "term"),
                root.bucket("auth")
                        .flatMap(b -> b.get("authEnabled"))
                        .filter(v -> v.equals(Bytes.hex("01")))
                        .isPresent(),
                users[0],
                root.buckets().stream().map(Bucket::name).toList(),
                List.copyOf(faults));
    }

    private static void each(Optional<Bucket> bucket, List<String> faults, BiConsumer<Bytes, Bytes> row) {
        if (bucket.isEmpty()) {
            return;
        }
        Cursor cursor = bucket.get().cursor();
        for (boolean more = cursor.first(); more; more = cursor.next()) {
            try {
                row.accept(cursor.key(), cursor.value());
            } catch (WireFault | Failure.Corrupt wrong) {
                faults.add("bucket " + bucket.get().name() + ", key " + cursor.key() + ": " + wrong.getMessage());
            }
        }
    }

    /// Source: etcd server/lease/leasepb/lease.proto: 1 ID, 2 TTL.
    private static Lease lease(Bytes value) {
        WireReader reader = new WireReader(value);
        long id = 0;
        long ttl = 0;
        while (!reader.atEnd()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 -> id = reader.varint();
                case 2 << 3 -> ttl = reader.varint();
                default -> reader.skip(tag);
            }
        }
        return new Lease(new LeaseId(id), ttl);
    }

    /// Source: etcd server/etcdserver/api/membership/member.go.
    private static Member member(Bytes key, Bytes value) {
        Document stored = Json.read(value);
        return new Member(
                key.toString(),
                stored.text("name").orElse(""),
                stored.texts("peerURLs"),
                stored.texts("clientURLs"),
                stored.truth("isLearner").orElse(false));
    }

    /// An alarm is stored as the key of its row. Source: etcd api/etcdserverpb, AlarmMember: 1 memberID, 2 alarm.
    private static Alarm alarm(Bytes key) {
        WireReader reader = new WireReader(key);
        long member = 0;
        long kind = 0;
        while (!reader.atEnd()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 -> member = reader.varint();
                case 2 << 3 -> kind = reader.varint();
                default -> reader.skip(tag);
            }
        }
        return new Alarm(Long.toHexString(member), kind == 1 ? "NOSPACE" : kind == 2 ? "CORRUPT" : "alarm " + kind);
    }

    private static String text(Optional<Bucket> bucket, String key) {
        return bucket.flatMap(b -> b.get(key)).map(Bytes::toString).orElse("");
    }

    private static OptionalLong number(Optional<Bucket> bucket, String key) {
        Optional<Bytes> stored = bucket.flatMap(b -> b.get(key)).filter(v -> v.length() == 8);
        return stored.map(v -> OptionalLong.of(RevisionKey.int64(v.sharedArray(), v.arrayOffset())))
                .orElseGet(OptionalLong::empty);
    }
}
