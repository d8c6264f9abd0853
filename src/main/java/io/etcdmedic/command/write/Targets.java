package io.etcdmedic.command.write;

import io.etcdmedic.command.KeyWords;
import io.etcdmedic.command.LabelOption;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The keys of a command that changes several: named one by one, or by a prefix, or a resource with a selector.
public final class Targets {
    @Parameters(arity = "0..*", paramLabel = "KEY", description = "keys, or a resource and names")
    private List<String> words = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "namespace (default: default)")
    private String namespace = "default";

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "of a resource: every namespace")
    private boolean allNamespaces;

    @Option(names = "--all", description = "every object of the resource, in the namespace")
    private boolean all;

    @Mixin
    private LabelOption labels = new LabelOption();

    @Option(names = "--prefix", description = "every key that begins with KEY")
    private boolean prefix;

    @Option(names = "--key-hex", description = "KEY is hexadecimal")
    private boolean keyHex;

    /// Whether nothing was named at all.
    public boolean isEmpty() {
        return words.isEmpty();
    }

    /// The wanted entries of `keyspace` at `at`, in key order.
    ///
    /// @throws Failure.Absent when a key that was named is not there, or nothing matches
    public List<Entry> in(Keyspace keyspace, Session session, Revision at) {
        if (prefix) {
            if (words.size() != 1) {
                throw usage(words.size() + " keys", "one key with --prefix");
            }
            return scan(keyspace, KeyRange.prefix(key(session, words.getFirst())), session, at);
        }
        if (words.isEmpty()) {
            throw usage("no key", "a key, or a resource and a name");
        }
        if (keyHex) {
            noLabels();
            return named(keyspace, words.stream().map(KeyWords::hex).toList(), at);
        }
        KeyWords.Wanted wanted = new KeyWords(session, namespace).parse(words);
        if (wanted.all().isEmpty()) {
            noLabels();
            return named(keyspace, wanted.keys(), at);
        }
        if (!all && !labels.isGiven()) {
            throw usage("a resource without a name", "a name, or --all, or --selector LABELS");
        }
        Optional<String> within = allNamespaces ? Optional.empty() : Optional.of(namespace);
        KeyRange range =
                KeyRange.prefix(Key.of(session.registry().folderOf(wanted.all().getFirst(), within)));
        return scan(keyspace, range, session, at);
    }

    /// kubectl refuses it as well: who names an object means that object.
    private void noLabels() {
        if (labels.isGiven()) {
            throw usage("names and a selector", "one of them");
        }
    }

    private List<Entry> named(Keyspace keyspace, List<Key> keys, Revision at) {
        List<Entry> found = new ArrayList<>();
        for (Key key : keys.stream().distinct().sorted().toList()) {
            found.add(keyspace.get(key, Optional.of(at))
                    .orElseThrow(() ->
                            new Failure.Absent(Problem.in("looking for " + key.display() + " in " + keyspace.source())
                                    .found("no such key"))));
        }
        return found;
    }

    private List<Entry> scan(Keyspace keyspace, KeyRange range, Session session, Revision at) {
        List<Entry> found = new ArrayList<>();
        try (Entries entries = keyspace.scan(range, Scan.values().at(at))) {
            entries.forEachRemaining(entry -> {
                if (labels.takes(session, entry)) {
                    found.add(entry);
                }
            });
        }
        if (found.isEmpty() && !labels.isGiven()) {
            throw new Failure.Absent(Problem.in("looking below " + range.from().display() + " in " + keyspace.source())
                    .found("no key"));
        }
        labels.judge(session, found.size(), keyspace.source().toString());
        return found;
    }

    private Key key(Session session, String word) {
        return keyHex ? KeyWords.hex(word) : session.key(word);
    }

    private static Failure.Usage usage(String found, String expected) {
        return new Failure.Usage(
                Problem.in("reading the command line").found(found).expected(expected));
    }

    /// The words as they were typed.
    @Override
    public String toString() {
        return String.join(" ", Arrays.asList(words.toArray(String[]::new)));
    }
}
