package io.etcdmedic.command.inspect;

import io.etcdmedic.command.KeyWords;
import io.etcdmedic.command.Session;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.render.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The words and options that say which keys a command is about, etcd's own way or kubectl's.
final class Target {
    @Parameters(arity = "0..*", paramLabel = "KEY", description = "keys, or a resource and names")
    private List<String> words = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "namespace (default: the current folder's, or default)")
    private Optional<String> namespace = Optional.empty();

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "of a resource: every namespace")
    private boolean allNamespaces;

    @Option(names = "--all", description = "every key of the keyspace")
    private boolean all;

    @Option(names = "--prefix", description = "every key that begins with KEY")
    private boolean prefix;

    @Option(names = "--key-hex", description = "KEY is hexadecimal")
    private boolean keyHex;

    List<String> words() {
        return words;
    }

    boolean allNamespaces() {
        return allNamespaces;
    }

    boolean all() {
        return all;
    }

    boolean prefix() {
        return prefix;
    }

    boolean keyHex() {
        return keyHex;
    }

    KeyWords reader(Session session) {
        return new KeyWords(session, namespace.orElseGet(session::namespace));
    }

    /// One word as a key.
    Key key(Session session, String word) {
        return keyHex ? KeyWords.hex(word) : session.key(word);
    }

    /// Where the objects of `resource` lie: all of them with `-A`, else those of one namespace.
    KeyRange folder(Session session, Resource resource) {
        Optional<String> within =
                allNamespaces ? Optional.empty() : Optional.of(namespace.orElseGet(session::namespace));
        return KeyRange.prefix(Key.of(session.registry().folderOf(resource, within)));
    }

    /// Whether objects are asked for the way kubectl does.
    boolean namesObjects() {
        return !keyHex && !all && !prefix && !words.isEmpty() && words.stream().allMatch(KeyWords::namesAnObject);
    }

    /// The resource of the first word, when objects are asked for by kubectl's names and no other form is.
    Optional<Resource> tabled(Session session) {
        Format format = session.format(Format.TABLE);
        boolean asTable = format == Format.TABLE || format == Format.WIDE;
        return asTable && namesObjects() ? reader(session).resource(words.getFirst()) : Optional.empty();
    }
}
