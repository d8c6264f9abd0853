package io.etcdmedic.command.inspect;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Encoding;
import io.etcdmedic.codec.encryption.Envelope;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// How the values of each resource are stored: a row for each format, apiVersion, provider and key.
final class StoredForms {
    private static final List<Column> COLUMNS = List.of(
            Column.of("RESOURCE", "resource"),
            Column.of("ENCRYPTION", "encryption"),
            Column.of("ENCODING", "encoding"),
            Column.of("APIVERSION", "apiVersion"),
            Column.of("KIND", "kind"),
            Column.of("VALUES", "values"));

    private final Session session;

    StoredForms(Session session) {
        this.session = session;
    }

    /// @param encryption provider and key; empty for none
    /// @param encoding `protobuf`, `json`, `cbor`, `locked`, `undecodable`
    private record Form(String resource, String encryption, String encoding, String apiVersion, String kind) {
        static final Comparator<Form> ORDER = Comparator.comparing(Form::resource)
                .thenComparing(Form::encryption)
                .thenComparing(Form::encoding)
                .thenComparing(Form::apiVersion)
                .thenComparing(Form::kind);
    }

    Content of(Scan scan) {
        Map<Form, Long> counted = new TreeMap<>(Form.ORDER);
        try (Entries entries = session.keyspace().scan(KeyRange.all(), scan)) {
            entries.forEachRemaining(entry -> counted.merge(form(entry), 1L, Long::sum));
        }
        List<List<Document>> rows = new ArrayList<>();
        counted.forEach((form, count) -> rows.add(List.of(
                Shown.text(form.resource()),
                orNone(form.encryption()),
                Shown.text(form.encoding()),
                orNone(form.apiVersion()),
                orNone(form.kind()),
                Shown.number(count))));
        return new Content.Table(COLUMNS, rows);
    }

    private static Document orNone(String text) {
        return text.isEmpty() ? Document.Nil.NULL : Shown.text(text);
    }

    private Form form(Entry entry) {
        String resource = session.registry().folder(entry.key().bytes()).orElse(Stat.OUTSIDE);
        String encryption = Envelope.of(entry.value()).map(Envelope::label).orElse("");
        try {
            Bytes plain = session.codec().decrypted(entry.key(), entry.value());
            Document object = session.codec().document(entry);
            return new Form(
                    resource,
                    encryption,
                    Encoding.of(plain).orElseThrow().name().toLowerCase(Locale.ROOT),
                    object.text("apiVersion").orElse(""),
                    object.text("kind").orElse(""));
        } catch (Failure.Locked _) {
            return new Form(resource, encryption, "locked", "", "");
        } catch (Failure _) {
            return new Form(resource, encryption, "undecodable", "", "");
        }
    }
}
