package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.KeyWords;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine;

/// `watch [KEY]`: changes as they happen, each with what was there before.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic watch                             everything below the registry's prefix",
            "  medic watch svc -n shop                 every service of a namespace",
            "  medic watch svc/web -n shop -o jsonl    one, with its value before and after",
            "  medic watch --prefix /registry/leases/ --from-revision 1200 --count 10"
        })
public final class Watch implements Command {
    @CommandLine.Parameters(arity = "0..*", paramLabel = "KEY", description = "a key, or a resource and a name")
    private List<String> words = new ArrayList<>();

    @CommandLine.Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "namespace (default: default)")
    private Optional<String> namespace = Optional.empty();

    @CommandLine.Option(
            names = {"-A", "--all-namespaces"},
            description = "of a resource: every namespace")
    private boolean allNamespaces;

    @CommandLine.Option(names = "--all", description = "every key of the keyspace")
    private boolean all;

    @CommandLine.Option(names = "--prefix", description = "every key that begins with KEY")
    private boolean prefix;

    @CommandLine.Option(names = "--key-hex", description = "KEY is hexadecimal")
    private boolean keyHex;

    @CommandLine.Option(
            names = "--from-revision",
            paramLabel = "N",
            description = "begin with the changes of this revision (default: what comes)")
    private Optional<Long> fromRevision = Optional.empty();

    @CommandLine.Option(names = "--count", paramLabel = "N", description = "end after so many changes")
    private Optional<Long> count = Optional.empty();

    @Override
    public Report run(Session session) {
        KeyRange range = range(session);
        OptionalLong changesMax = count.isPresent() ? OptionalLong.of(count.get()) : OptionalLong.empty();
        return Report.of(new Content.Feed(new WatchItems(session, range, fromRevision.map(Revision::of), changesMax)));
    }

    private KeyRange range(Session session) {
        if (all) {
            return KeyRange.all();
        }
        if (words.isEmpty()) {
            return KeyRange.prefix(Key.of(session.registry().prefix() + "/"));
        }
        if (prefix || keyHex) {
            requireOne(words.size());
            Key key = keyHex ? KeyWords.hex(words.getFirst()) : session.key(words.getFirst());
            return prefix ? KeyRange.prefix(key) : KeyRange.single(key);
        }
        KeyWords.Wanted wanted = new KeyWords(session, namespace.orElseGet(session::namespace)).parse(words);
        requireOne(wanted.keys().size() + wanted.all().size());
        return wanted.keys().stream().findFirst().map(KeyRange::single).orElseGet(() -> {
            Optional<String> within =
                    allNamespaces ? Optional.empty() : Optional.of(namespace.orElseGet(session::namespace));
            return KeyRange.prefix(
                    Key.of(session.registry().folderOf(wanted.all().getFirst(), within)));
        });
    }

    private static void requireOne(int found) {
        if (found != 1) {
            throw new Failure.Usage(Problem.in("reading the command line")
                    .found(found + " keys")
                    .expected("one key, one resource, or --prefix KEY"));
        }
    }
}
