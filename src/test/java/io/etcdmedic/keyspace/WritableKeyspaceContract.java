package io.etcdmedic.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every keyspace that can be written does with a transaction. It needs no empty one: each test has its own keys.
public abstract class WritableKeyspaceContract {
    private final String own = "/contract/" + UUID.randomUUID() + "/";
    private final Key a = Key.of(own + "a");
    private final Key b = Key.of(own + "b");
    private WritableKeyspace keyspace = new Memory();

    protected abstract WritableKeyspace writable() throws Exception;

    @BeforeEach
    void open() throws Exception {
        keyspace = writable();
    }

    @AfterEach
    void close() {
        keyspace.close();
    }

    @Test
    void oneTransactionMakesOneRevision() {
        Revision before = keyspace.revision();
        Transaction.Answer answer = commit(List.of(), put(a, "1"), put(b, "1"));
        assertThat(answer.succeeded()).isTrue();
        assertThat(answer.revision()).isEqualTo(before.after());
        assertThat(keyspace.revision()).isEqualTo(before.after());
        assertThat(keyspace.get(a).orElseThrow().modRevision()).isEqualTo(before.after());
        assertThat(keyspace.get(b).orElseThrow().createRevision()).isEqualTo(before.after());
        assertThat(keyspace.count(KeyRange.prefix(Key.of(own)), Optional.of(before)))
                .isZero();
    }

    @Test
    void whatWasSeenCanBeComparedAndWhatMovedIsRead() {
        commit(List.of(), put(a, "1"));
        Entry seen = keyspace.get(a).orElseThrow();
        assertThat(commit(Compare.same(seen), put(a, "2")).succeeded()).isTrue();
        Entry moved = keyspace.get(a).orElseThrow();
        assertThat(moved.version()).isEqualTo(2);

        Transaction.Answer stale =
                keyspace.commit(new Transaction(Compare.same(seen), List.of(put(a, "3")), List.of(a, b)), permit());
        assertThat(stale.succeeded()).isFalse();
        assertThat(stale.reads()).containsExactly(Optional.of(moved), Optional.empty());
        assertThat(keyspace.get(a)).contains(moved);
    }

    @Test
    void eachComparisonCanFail() {
        commit(List.of(), put(a, "1"));
        Entry seen = keyspace.get(a).orElseThrow();
        List<Compare> wrong = List.of(
                new Compare.Mod(a, seen.modRevision().number() + 1),
                new Compare.Create(a, seen.createRevision().number() - 1),
                new Compare.Version(a, 2),
                new Compare.Lease(a, new LeaseId(7)),
                new Compare.Value(a, Bytes.utf8("2")),
                new Compare.Value(b, Bytes.EMPTY),
                Compare.absent(a));
        for (Compare compare : wrong) {
            assertThat(commit(List.of(compare), put(a, "9")).succeeded())
                    .as("%s", compare)
                    .isFalse();
        }
        assertThat(commit(List.of(Compare.absent(b)), put(b, "1")).succeeded()).isTrue();
    }

    @Test
    void aDeletedKeyIsGoneAndBeginsAnew() {
        commit(List.of(), put(a, "1"));
        Revision before = keyspace.revision();
        commit(List.of(), new Write.Delete(a));
        assertThat(keyspace.get(a)).isEmpty();
        assertThat(keyspace.get(a, Optional.of(before))).isPresent();
        commit(List.of(), put(a, "2"));
        Entry again = keyspace.get(a).orElseThrow();
        assertThat(again.version()).isEqualTo(1);
        assertThat(again.createRevision()).isEqualTo(again.modRevision());
    }

    @Test
    void deletingWhatIsNotThereMakesNoRevision() {
        Revision before = keyspace.revision();
        assertThat(commit(List.of(), new Write.Delete(a)).succeeded()).isTrue();
        assertThat(keyspace.revision()).isEqualTo(before);
    }

    @Test
    void aKeyOutsideThePermitIsRefused() {
        Transaction other = new Transaction(List.of(), List.of(put(Key.of(own + "other"), "1")), List.of());
        assertThatThrownBy(() -> keyspace.commit(other, permit())).isInstanceOf(Failure.Refused.class);
        assertThat(keyspace.get(Key.of(own + "other"))).isEmpty();
    }

    private Transaction.Answer commit(List<Compare> compares, Write... writes) {
        return keyspace.commit(new Transaction(compares, List.of(writes), List.of()), permit());
    }

    private WritePermit permit() {
        return new WritePermit("contract", Set.of(a, b));
    }

    private static Write put(Key key, String value) {
        return new Write.Put(key, Bytes.utf8(value), LeaseId.NONE);
    }
}
