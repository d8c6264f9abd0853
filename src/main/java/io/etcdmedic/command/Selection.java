package io.etcdmedic.command;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.kubernetes.Resources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which keys a backup takes, or a restore brings back: keys, prefixes, the words of kubectl; without any, all.
public final class Selection {
    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "of a resource or an object: its namespace; without a word, everything in it")
    private Optional<String> namespace = Optional.empty();

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "of a resource: every namespace")
    private boolean allNamespaces;

    @Option(names = "--prefix", description = "every key that begins with a word")
    private boolean prefix;

    @Mixin
    private LabelOption labels = new LabelOption();

    /// Which of the keys in the ranges.
    public LabelOption labels() {
        return labels;
    }

    /// What is chosen, in words.
    public String described(List<String> words) {
        String within = allNamespaces
                ? "in every namespace"
                : namespace.map(name -> "in namespace " + name).orElse("");
        String named = words.isEmpty() ? "everything" : String.join(" ", words) + (prefix ? "…" : "");
        return (named + " " + within).strip() + labels.words();
    }

    /// The ranges that `words` name, in key order and disjoint.
    ///
    /// Everything of a namespace is every range in which its objects lie, and the namespace itself.
    ///
    /// @param source where custom resources are looked for
    public List<KeyRange> ranges(Session session, Keyspace source, List<String> words) {
        if (words.isEmpty()) {
            return namespace
                    .map(name -> ofNamespace(session.registry(), source, name))
                    .orElseGet(() -> List.of(KeyRange.all()));
        }
        List<KeyRange> ranges = new ArrayList<>();
        if (prefix) {
            words.forEach(word -> ranges.add(KeyRange.prefix(session.key(word))));
            return merged(ranges);
        }
        String within = namespace.orElseGet(session::namespace);
        KeyWords.Wanted wanted = new KeyWords(session, within).parse(words);
        wanted.keys().forEach(key -> ranges.add(KeyRange.single(key)));
        wanted.all()
                .forEach(resource -> ranges.add(KeyRange.prefix(Key.of(session.registry()
                        .folderOf(resource, allNamespaces ? Optional.empty() : Optional.of(within))))));
        return merged(ranges);
    }

    private static List<KeyRange> ofNamespace(RegistryKeys registry, Keyspace source, String name) {
        Set<String> folders = new TreeSet<>();
        Resources.builtIn().all().stream()
                .filter(Resource::namespaced)
                .forEach(resource -> folders.add(registry.folderOf(resource, Optional.of(name))));
        try (Entries keys = source.scan(KeyRange.prefix(Key.of(registry.prefix() + "/")), Scan.keys())) {
            keys.forEachRemaining(entry -> registry.parse(entry.key().bytes())
                    .filter(object -> object.namespace().equals(name))
                    .ifPresent(object -> folders.add(registry.folderOf(object.resource(), Optional.of(name)))));
        }
        List<KeyRange> ranges = new ArrayList<>();
        folders.forEach(folder -> ranges.add(KeyRange.prefix(Key.of(folder))));
        ranges.add(KeyRange.single(Key.of(registry.prefix() + "/namespaces/" + name)));
        return merged(ranges);
    }

    private static List<KeyRange> merged(List<KeyRange> ranges) {
        List<KeyRange> ordered =
                ranges.stream().sorted(Comparator.comparing(KeyRange::from)).toList();
        List<KeyRange> disjoint = new ArrayList<>();
        for (KeyRange range : ordered) {
            boolean inside = !disjoint.isEmpty()
                    && disjoint.getLast()
                            .end()
                            .map(end -> range.from().compareTo(end) < 0)
                            .orElse(true);
            if (!inside) {
                disjoint.add(range);
            } else {
                KeyRange last = disjoint.removeLast();
                disjoint.add(new KeyRange(last.from(), later(last.end(), range.end())));
            }
        }
        return disjoint;
    }

    /// An empty end is the latest.
    private static Optional<Key> later(Optional<Key> a, Optional<Key> b) {
        return a.isEmpty() || b.isEmpty() ? Optional.empty() : a.get().compareTo(b.get()) >= 0 ? a : b;
    }

    /// @throws Failure.Absent for a key that was named and is not there
    public static Failure.Absent nothing(String source, KeyRange range) {
        return new Failure.Absent(Problem.in("looking for " + range.from().display() + " in " + source)
                .found(range.isSingle() ? "no such key" : "no key that begins so"));
    }
}
