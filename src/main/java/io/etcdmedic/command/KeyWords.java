package io.etcdmedic.command;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.kubernetes.ObjectName;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.kubernetes.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keys as an operator types them: etcd's own, escaped with `\xNN`, or the way kubectl names objects.
///
/// Two words are two keys, or a resource and names; never the ends of a range.
///
public final class KeyWords {
    private final Session session;
    private final String namespace;

    public KeyWords(Session session, String namespace) {
        this.session = session;
        this.namespace = namespace;
    }

    /// @param keys one by one
    /// @param all every object of these resources
    public record Wanted(List<Key> keys, List<Resource> all) {}

    public Wanted parse(List<String> words) {
        List<Key> keys = new ArrayList<>();
        Optional<Resource> kind = Optional.empty();
        boolean named = false;
        for (String word : words) {
            // After a resource a name may begin with a backslash.
            Optional<Key> slashed = kind.isPresent() && word.startsWith("\\") ? Optional.empty() : slashed(word);
            if (slashed.isPresent()) {
                keys.add(slashed.get());
            } else if (kind.isPresent()) {
                keys.add(object(kind.get(), word));
                named = true;
            } else {
                kind = kind(word);
                if (kind.isEmpty()) {
                    keys.add(session.key(word));
                }
            }
        }
        return new Wanted(keys, named ? List.of() : kind.stream().toList());
    }

    /// Whether `word` is none of etcd's own keys.
    public static boolean namesAnObject(String word) {
        return !word.startsWith("/") && !word.startsWith("\\") && !word.startsWith(".");
    }

    /// The resource that the word names, alone or before a slash.
    public Optional<Resource> resource(String word) {
        int slash = word.indexOf('/');
        return kind(slash < 0 ? word : word.substring(0, slash));
    }

    /// A key that is whole, `/registry/…` or `\x00…`; an object, `svc/web`; or a key below the current folder.
    private Optional<Key> slashed(String word) {
        int slash = word.indexOf('/');
        if (word.startsWith("\\") || word.startsWith(".") || slash == 0) {
            return Optional.of(session.key(word));
        }
        if (slash < 0) {
            return Optional.empty();
        }
        String name = word.substring(slash + 1);
        Optional<Resource> kind = name.contains("/") ? Optional.empty() : kind(word.substring(0, slash));
        return Optional.of(kind.map(k -> object(k, name)).orElseGet(() -> session.key(word)));
    }

    /// @param name as names are shown: `\xNN` is a byte, `\\` a backslash
    private Key object(Resource resource, String name) {
        String folder = session.registry().folderOf(resource, Optional.of(namespace));
        return new Key(Bytes.utf8(folder).concat(Place.bytes(name)));
    }

    /// A built-in resource, a custom one that the source defines, or one (`widgets.example.com`) of which it
    /// holds an object.
    private Optional<Resource> kind(String word) {
        Optional<Resource> known = Resources.builtIn().named(word);
        if (known.isPresent() || !word.matches("[A-Za-z][A-Za-z0-9.-]*")) {
            return known;
        }
        return new CustomKinds(session).named(word).or(() -> undefined(word));
    }

    private Optional<Resource> undefined(String word) {
        int dot = word.indexOf('.');
        if (dot <= 0 || dot == word.length() - 1) {
            return Optional.empty();
        }
        String folder = word.substring(dot + 1) + "/" + word.substring(0, dot);
        KeyRange range = KeyRange.prefix(Key.of(session.registry().prefix() + "/" + folder + "/"));
        try (Entries entries = session.keyspace().scan(range, Scan.keys())) {
            return entries.hasNext()
                    ? session.registry().parse(entries.next().key().bytes()).map(ObjectName::resource)
                    : Optional.empty();
        }
    }

    public static Key hex(String word) {
        try {
            return new Key(Bytes.hex(word));
        } catch (IllegalArgumentException wrong) {
            throw new Failure.Usage(Problem.in("reading the key '" + word + "'")
                            .found("not hexadecimal")
                            .expected("one byte or more, two of the digits 0-9 and a-f each"))
                    .because(wrong);
        }
    }
}
