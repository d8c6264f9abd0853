package io.etcdmedic.command.inspect;

import io.etcdmedic.codec.Decoded;
import io.etcdmedic.command.CustomKinds;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.kubernetes.ObjectName;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.kubernetes.Resources;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.resource.CustomTable;
import io.etcdmedic.resource.Heading;
import io.etcdmedic.resource.JsonPath;
import io.etcdmedic.resource.KindTable;
import io.etcdmedic.resource.KindTables;
import io.etcdmedic.resource.ObjectOrder;
import io.etcdmedic.resource.Subject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Objects of one resource the way kubectl shows them; one that cannot be read is a row that says so.
final class ObjectTable {
    private final Session session;
    private final Resource resource;
    private final boolean namespaces;
    private final KindTable table;
    private final boolean wide;

    /// @param namespaces whether objects of several namespaces are shown
    ObjectTable(Session session, Resource resource, boolean namespaces) {
        this.session = session;
        this.resource = resource;
        this.namespaces = namespaces && resource.namespaced();
        this.table = table(session, resource);
        this.wide = session.format(Format.TABLE) == Format.WIDE;
    }

    private static KindTable table(Session session, Resource resource) {
        return KindTables.of(resource)
                .orElseGet(() -> isBuiltIn(resource)
                        ? KindTables.nameAndAge()
                        : new CustomKinds(session)
                                .definition(resource)
                                .map(CustomTable::of)
                                .orElseGet(KindTables::nameAndAge));
    }

    private static boolean isBuiltIn(Resource resource) {
        return Resources.builtIn().all().contains(resource);
    }

    /// @param more columns before kubectl's own
    List<Column> columns(Column... more) {
        List<Column> columns = new ArrayList<>(List.of(more));
        if (namespaces) {
            columns.add(Column.kubectl("NAMESPACE", "namespace"));
        }
        for (Heading heading : table.headings(wide)) {
            columns.add(Column.kubectl(heading.name().toUpperCase(Locale.ROOT), field(heading.name())));
        }
        return columns;
    }

    Content of(Iterator<Entry> entries, Choice choice) {
        List<Column> columns = columns();
        Iterator<Entry> ordered = choice.orders() || !resource.plural().equals("flowschemas")
                ? entries
                : Choice.sorted(session, entries, new ObjectOrder(JsonPath.parse(".spec.matchingPrecedence")));
        return new Content.Table(columns, new Matching<>(ordered, e -> Optional.of(row(e))), choice.headed());
    }

    /// `Cluster-IP` as a field's name: `clusterIP` would be kubectl's own word, but headings are all there is.
    private static String field(String heading) {
        StringBuilder field = new StringBuilder();
        for (String word : heading.split("[^A-Za-z]+")) {
            boolean shouted = word.equals(word.toUpperCase(Locale.ROOT));
            String small = field.isEmpty() && !word.isEmpty()
                    ? shouted
                            ? word.toLowerCase(Locale.ROOT)
                            : word.substring(0, 1).toLowerCase(Locale.ROOT) + word.substring(1)
                    : word;
            field.append(small);
        }
        return field.toString();
    }

    /// One object under [#columns(Column...)].
    List<Document> row(Entry entry) {
        int columns = table.headings(wide).size() + (namespaces ? 1 : 0);
        List<Document> row = new ArrayList<>();
        Optional<ObjectName> name = session.registry().parse(entry.key().bytes());
        if (namespaces) {
            row.add(Shown.text(name.map(ObjectName::namespace).orElse("")));
        }
        switch (session.display().read(entry)) {
            case Decoded.Object object ->
                row.addAll(
                        table.row(new Subject(object.document(), session.clock().instant(), wide)));
            case Decoded.Encrypted locked ->
                unread(row, entry, name, "encrypted: " + locked.provider() + ", " + locked.keyName());
            case Decoded.Undecodable broken ->
                unread(
                        row,
                        entry,
                        name,
                        "undecodable: " + broken.why().problem().found());
        }
        while (row.size() < columns) {
            row.add(Document.Nil.NULL);
        }
        return row.subList(0, columns);
    }

    /// An object of which only the name is known.
    List<Document> row(String name) {
        List<Document> row = new ArrayList<>();
        if (namespaces) {
            row.add(Document.Nil.NULL);
        }
        row.add(Shown.text(name));
        while (row.size() < table.headings(wide).size() + (namespaces ? 1 : 0)) {
            row.add(Document.Nil.NULL);
        }
        return row;
    }

    private static void unread(List<Document> row, Entry entry, Optional<ObjectName> name, String why) {
        row.add(Shown.text(name.map(ObjectName::name).orElseGet(entry.key()::display)));
        row.add(Shown.text("<" + why + ">"));
    }
}
