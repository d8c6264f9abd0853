package io.etcdmedic.command;

import io.etcdmedic.codec.Decoded;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.kubernetes.Resources;
import java.util.Locale;
import java.util.Optional;

/// The kinds that CustomResourceDefinitions in the source define.
public final class CustomKinds {
    private final Session session;

    public CustomKinds(Session session) {
        this.session = session;
    }

    /// The resource that an operator means by `word`: its plural, singular, kind or short name, also with the group.
    public Optional<Resource> named(String word) {
        try (Entries entries = session.keyspace().scan(KeyRange.prefix(Key.of(folder())), Scan.values())) {
            while (entries.hasNext()) {
                Optional<Resource> found =
                        read(entries.next()).map(CustomKinds::resource).filter(r -> answers(r, word));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /// The definition of a resource; empty when there is none, or it cannot be read.
    public Optional<Document> definition(Resource resource) {
        return session.keyspace().get(Key.of(folder() + resource.qualified())).flatMap(this::read);
    }

    private Optional<Document> read(Entry entry) {
        return session.codec().read(entry.key(), entry.value()) instanceof Decoded.Object object
                ? Optional.of(object.document())
                : Optional.empty();
    }

    private String folder() {
        return session.registry()
                .folderOf(Resources.builtIn().named("customresourcedefinitions").orElseThrow(), Optional.empty());
    }

    private static Resource resource(Document definition) {
        String group = definition.text("spec", "group").orElse("");
        String plural = definition.text("spec", "names", "plural").orElse("");
        String kind = definition.text("spec", "names", "kind").orElse("");
        return new Resource(
                group + "/" + plural,
                plural,
                group,
                definition.text("spec", "scope").orElse("").equals("Namespaced"),
                kind,
                definition.text("spec", "names", "singular").orElse(kind.toLowerCase(Locale.ROOT)),
                definition.texts("spec", "names", "shortNames"));
    }

    private static boolean answers(Resource resource, String word) {
        int dot = word.indexOf('.');
        String plain = (dot < 0 ? word : word.substring(0, dot)).toLowerCase(Locale.ROOT);
        boolean named = plain.equals(resource.plural())
                || plain.equals(resource.singular())
                || plain.equals(resource.kind().toLowerCase(Locale.ROOT))
                || resource.shortNames().contains(plain);
        return named && (dot < 0 || word.substring(dot + 1).equals(resource.group()));
    }
}
