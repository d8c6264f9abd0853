package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.KeyWords;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;

/// `diff`: in which keys, and in what of their objects, two revisions or two sources differ.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic diff --snapshot snap.db --from 900 --to 1000         two revisions, by resource and by key",
            "  medic diff --snapshot snap.db --from 900 --changes         what changed in each object since then",
            "  medic diff servicecidr kubernetes --from 900               what changed in this one",
            "  medic diff --snapshot old.db --with new.db                 two files",
            "  medic diff --snapshot old.db --with-live --endpoints https://10.0.0.5:2379 --cacert ca.pem",
            "  medic diff --members                                       members of the live cluster",
            "  medic diff --snapshot old.db --with new.db --prefix /registry/services/ -o jsonl",
            "Exit code 1 when anything differs."
        })
public final class Diff implements Command {
    @CommandLine.Parameters(
            arity = "0..*",
            paramLabel = "KEY",
            description = "only these keys, or a resource and names; what changed in them is shown")
    private List<String> words = new ArrayList<>();

    @CommandLine.Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "namespace (default: the current folder's, or default)")
    private Optional<String> namespace = Optional.empty();

    @CommandLine.Option(names = "--with", paramLabel = "FILE", description = "the database file that comes after")
    private Optional<String> with = Optional.empty();

    @CommandLine.Option(
            names = "--with-live",
            description = "the live cluster comes after the --snapshot file; it is named as always, by --endpoints,"
                    + " --profile, or what this machine runs")
    private boolean withLive;

    @CommandLine.Option(
            names = "--members",
            description = "compare the members of a live cluster with each other, each by what it holds itself")
    private boolean members;

    @CommandLine.Option(names = "--from", paramLabel = "N", description = "the revision before")
    private Optional<Long> from = Optional.empty();

    @CommandLine.Option(names = "--to", paramLabel = "N", description = "the revision after (default: the newest)")
    private Optional<Long> to = Optional.empty();

    @CommandLine.Option(names = "--prefix", paramLabel = "PREFIX", description = "only keys that begin so")
    private Optional<String> prefix = Optional.empty();

    @CommandLine.Option(names = "--changes", description = "what changed in each object")
    private boolean inFull;

    @Override
    public Report run(Session session) {
        if (members) {
            return new MemberComparison(session, ranges(session)).report(view(session));
        }
        if (with.isEmpty() && from.isEmpty() && !withLive) {
            throw new Failure.Usage(Problem.in("reading the command line")
                    .found("nothing to compare with")
                    .expected("--from N, --with FILE, --with-live or --members")
                    .hint("medic diff --help"));
        }
        Keyspace before = withLive ? session.fileBesideLive() : session.keyspace();
        Keyspace after = withLive
                ? session.liveBesideFile()
                : with.map(source -> Sources.named(session, source)).orElse(before);
        // Walked twice: both times the same states.
        Scan scanBefore = scan(from, before);
        Scan scanAfter = scan(to, after);
        List<KeyRange> ranges = ranges(session);
        Comparison comparison = new Comparison(
                () -> Differing.in(
                        ranges, range -> before.scan(range, scanBefore), range -> after.scan(range, scanAfter)),
                Objects.shown(session),
                session.registry());
        if (!comparison.differs()) {
            return Report.of(isData(session) ? comparison.objects() : new Content.Prose(""))
                    .saying("medic: nothing differs");
        }
        return Report.of(view(session).apply(comparison)).exit(ExitCode.FINDINGS);
    }

    private Function<Comparison, Content> view(Session session) {
        return inFull || !words.isEmpty() || isData(session) ? Comparison::objects : Comparison::overview;
    }

    private static boolean isData(Session session) {
        return switch (session.format(Format.TABLE)) {
            case JSON, JSONL, YAML -> true;
            case TABLE, WIDE, NAME, RAW, HEX, PROTO, META -> false;
        };
    }

    private List<KeyRange> ranges(Session session) {
        if (words.isEmpty()) {
            return List.of(Ranges.of(session, prefix, true));
        }
        String within = namespace.orElseGet(session::namespace);
        KeyWords.Wanted wanted = new KeyWords(session, within).parse(words);
        List<KeyRange> ranges = new ArrayList<>();
        wanted.keys().stream().sorted().map(KeyRange::single).forEach(ranges::add);
        wanted.all().stream()
                .map(resource -> session.registry().folderOf(resource, Optional.of(within)))
                .map(folder -> KeyRange.prefix(Key.of(folder)))
                .forEach(ranges::add);
        return ranges;
    }

    private static Scan scan(Optional<Long> revision, Keyspace keyspace) {
        return new Scan(Optional.of(revision.map(Revision::of).orElseGet(keyspace::revision)), Scan.Content.VALUES);
    }
}
