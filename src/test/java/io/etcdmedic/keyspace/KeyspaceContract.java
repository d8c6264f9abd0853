package io.etcdmedic.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What every keyspace answers after the same transactions: those of [#SCRIPT], on an empty etcd, so that the first
/// one makes revision 2.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class KeyspaceContract {
    protected static final Key A = Key.of("/a");
    protected static final Key B = Key.of("/b");
    protected static final Key C = Key.of("/c");
    protected static final Key D = Key.of("/d");
    protected static final Key BINARY = new Key(Bytes.hex("2f00ff0a1b"));
    protected static final Key EMPTY = Key.of("/empty");
    private static final Bytes BINARY_VALUE = Bytes.hex("00ff6b3873000a");

    /// One transaction an element; the first makes revision 2.
    public static final List<List<Write>> SCRIPT = List.of(
            List.of(put(A, "1")),
            List.of(put(B, "1"), put(C, "1")),
            List.of(put(A, "2")),
            List.of(new Write.Delete(B)),
            List.of(put(B, "2")),
            List.of(new Write.Delete(C), put(D, "1")),
            List.of(new Write.Put(BINARY, BINARY_VALUE, LeaseId.NONE)),
            List.of(put(EMPTY, "")),
            List.of(put(A, "3")));

    private static final Revision LAST = Revision.of(SCRIPT.size() + 1L);

    private Keyspace keyspace = new Memory();

    /// A keyspace in which exactly [#SCRIPT] has happened.
    protected abstract Keyspace afterScript() throws Exception;

    protected static Write put(Key key, String value) {
        return new Write.Put(key, Bytes.utf8(value), LeaseId.NONE);
    }

    @BeforeAll
    void build() throws Exception {
        keyspace = afterScript();
    }

    @AfterAll
    void close() {
        keyspace.close();
    }

    @Test
    void theNewestRevisionIsTheLastTransactions() {
        assertThat(keyspace.revision()).isEqualTo(LAST);
        assertThat(keyspace.oldest().number()).isLessThanOrEqualTo(1);
    }

    @Test
    void aKeyCarriesItsRevisionsAndVersion() {
        assertThat(keyspace.get(A)).contains(entry(A, "3", 2, 10, 3));
        assertThat(keyspace.get(B)).contains(entry(B, "2", 6, 6, 1));
        assertThat(keyspace.get(C)).isEmpty();
        assertThat(keyspace.get(EMPTY)).contains(entry(EMPTY, "", 9, 9, 1));
        assertThat(keyspace.get(Key.of("/nowhere"))).isEmpty();
        assertThat(keyspace.get(BINARY).orElseThrow().value()).isEqualTo(BINARY_VALUE);
    }

    @Test
    void aKeyIsReadAsItStood() {
        assertThat(valuesOf(A)).containsExactly("-", "1", "1", "2", "2", "2", "2", "2", "2", "3");
        assertThat(valuesOf(B)).containsExactly("-", "-", "1", "1", "-", "2", "2", "2", "2", "2");
        assertThat(valuesOf(C)).containsExactly("-", "-", "1", "1", "1", "1", "-", "-", "-", "-");
    }

    @Test
    void everyRevisionScansAndCountsAsTheModelDoes() {
        Memory model = Memory.after(SCRIPT);
        for (KeyRange range : ranges()) {
            for (long r = 1; r <= LAST.number(); r++) {
                Revision at = Revision.of(r);
                List<Entry> expected = all(model.scan(range, Scan.values().at(at)));
                assertThat(all(keyspace.scan(range, Scan.values().at(at))))
                        .as("%s at %s", range, at)
                        .isEqualTo(expected);
                assertThat(keyspace.count(range, Optional.of(at))).isEqualTo(expected.size());
                assertThat(all(keyspace.scan(range, Scan.keys().at(at))))
                        .isEqualTo(all(model.scan(range, Scan.keys().at(at))));
            }
        }
    }

    /// C was there before the deletion and B came again.
    @Test
    void whatIsGoneIsTold() {
        assertThat(keyspace.gone(KeyRange.all())).containsExactly(new Gone(C, Revision.of(3), 1, Revision.of(7)));
        assertThat(keyspace.gone(KeyRange.single(B))).isEmpty();
    }

    @Test
    void everyRevisionTellsTheSizesOfItsValues() {
        Memory model = Memory.after(SCRIPT);
        for (KeyRange range : ranges()) {
            for (long r = 1; r <= LAST.number(); r++) {
                Revision at = Revision.of(r);
                Map<Key, Integer> expected = new HashMap<>();
                all(model.scan(range, Scan.values().at(at)))
                        .forEach(e -> expected.put(e.key(), e.value().length()));
                Map<Key, Integer> told = new HashMap<>();
                keyspace.sizes(
                        range,
                        Optional.of(at),
                        (key, size) -> assertThat(told.put(key, size)).isNull());
                assertThat(told).as("%s at %s", range, at).isEqualTo(expected);
            }
        }
    }

    private static List<KeyRange> ranges() {
        return List.of(
                KeyRange.all(),
                KeyRange.prefix(Key.of("/")),
                KeyRange.single(B),
                KeyRange.of(B, D),
                KeyRange.of(Key.of("/bb"), Key.of("/dd")),
                KeyRange.of(Key.of("/x"), Key.of("/z")));
    }

    @Test
    void aScanSaysItsRevision() {
        try (Entries entries = keyspace.scan(KeyRange.all(), Scan.keys())) {
            assertThat(entries.revision()).isEqualTo(LAST);
        }
        try (Entries entries = keyspace.scan(KeyRange.all(), Scan.keys().at(Revision.of(4)))) {
            assertThat(entries.revision()).isEqualTo(Revision.of(4));
        }
    }

    @Test
    void theFutureIsRefused() {
        Optional<Revision> future = Optional.of(LAST.after());
        assertThatThrownBy(() -> keyspace.get(A, future)).isInstanceOf(Failure.Refused.class);
        assertThatThrownBy(() -> keyspace.count(KeyRange.all(), future)).isInstanceOf(Failure.Refused.class);
        assertThatThrownBy(() -> all(keyspace.scan(KeyRange.all(), Scan.keys().at(LAST.after()))))
                .isInstanceOf(Failure.Refused.class);
    }

    @Test
    void historyHoldsEveryChangeOldestFirst() {
        assertThat(keyspace.history(A))
                .containsExactly(
                        new Change.Put(entry(A, "1", 2, 2, 1)),
                        new Change.Put(entry(A, "2", 2, 4, 2)),
                        new Change.Put(entry(A, "3", 2, 10, 3)));
        assertThat(keyspace.history(B))
                .containsExactly(
                        new Change.Put(entry(B, "1", 3, 3, 1)),
                        new Change.Delete(B, Revision.of(5)),
                        new Change.Put(entry(B, "2", 6, 6, 1)));
        assertThat(keyspace.history(Key.of("/nowhere"))).isEmpty();
    }

    private List<String> valuesOf(Key key) {
        return LongStream.rangeClosed(1, LAST.number())
                .mapToObj(r -> keyspace.get(key, Optional.of(Revision.of(r)))
                        .map(e -> e.value().toUtf8())
                        .orElse("-"))
                .toList();
    }

    static Entry entry(Key key, String value, long create, long mod, long version) {
        return new Entry(key, Bytes.utf8(value), Revision.of(create), Revision.of(mod), version, LeaseId.NONE);
    }

    static List<Entry> all(Entries entries) {
        List<Entry> all = new ArrayList<>();
        try (entries) {
            entries.forEachRemaining(all::add);
        }
        return all;
    }
}
