package io.etcdmedic.command.cluster;

import io.etcdmedic.bbolt.PageFault;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.etcd.Alarm;
import io.etcdmedic.etcd.Member;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.snapshot.SnapshotFacts;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.util.ArrayList;
import java.util.List;

/// What a source says about itself, as tables.
final class Facts {
    private static final List<Column> PROPERTIES =
            List.of(Column.of("PROPERTY", "property"), Column.of("VALUE", "value"));
    private static final List<Column> MEMBERS = List.of(
            Column.of("ID", "id"),
            Column.of("NAME", "name"),
            Column.of("LEARNER", "learner"),
            Column.of("PEER URLS", "peerURLs"),
            Column.of("CLIENT URLS", "clientURLs"));
    private static final List<Column> ALARMS = List.of(Column.of("MEMBER", "member"), Column.of("ALARM", "alarm"));

    private Facts() {}

    static SnapshotKeyspace file(Session session) {
        return session.file()
                .orElseThrow(() -> new Failure.Refused(
                        Problem.in("asking " + session.keyspace().source())
                                .found("it is no database file")
                                .expected("--snapshot FILE")));
    }

    static Content.Table members(SnapshotFacts facts) {
        return new Content.Table(
                MEMBERS,
                facts.members().stream()
                        .map(m -> List.of(
                                text(m.id()),
                                text(m.name()),
                                Document.Truth.of(m.learner()),
                                text(String.join(",", m.peerUrls())),
                                text(String.join(",", m.clientUrls()))))
                        .toList());
    }

    static Content.Table alarms(SnapshotFacts facts) {
        return new Content.Table(
                ALARMS,
                facts.alarms().stream()
                        .map(a -> List.of(text(a.member()), text(a.kind())))
                        .toList());
    }

    static Content.Table members(List<Member> members) {
        return new Content.Table(
                MEMBERS,
                members.stream()
                        .map(m -> List.of(
                                text(m.hex()),
                                text(m.name()),
                                Document.Truth.of(m.learner()),
                                text(String.join(",", m.peerUrls())),
                                text(String.join(",", m.clientUrls()))))
                        .toList());
    }

    static Content.Table alarms(List<Alarm> alarms) {
        return new Content.Table(
                ALARMS,
                alarms.stream()
                        .map(a -> List.of(text(a.memberHex()), text(a.kind())))
                        .toList());
    }

    static Content.Table properties(List<List<Document>> rows) {
        return new Content.Table(PROPERTIES, new ArrayList<>(rows));
    }

    static List<Document> row(String property, String value) {
        return List.of(text(property), text(value.isEmpty() ? "not in the file" : value));
    }

    static List<Document> row(String property, long value) {
        return List.of(text(property), new Document.Whole(value));
    }

    /// A page's fault in words.
    static String words(PageFault fault) {
        String where = fault.page() < 0 ? "" : "page " + fault.page() + ": ";
        return where + fault.found() + "; expected " + fault.expected();
    }

    private static Document text(String text) {
        return new Document.Text(text);
    }
}
