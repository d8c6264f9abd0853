package io.etcdmedic.command.backup;

import io.etcdmedic.archive.Archive;
import io.etcdmedic.archive.ArchiveWriter;
import io.etcdmedic.archive.Manifest;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.LabelOption;
import io.etcdmedic.command.Selection;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.SoundFile;
import io.etcdmedic.command.change.FieldsReport;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.DurableFile;
import io.etcdmedic.host.Spool;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.ProgressBar;
import io.etcdmedic.render.Report;
import io.etcdmedic.render.Yaml;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import picocli.CommandLine;

/// `backup create [SELECTOR…] FILE`: keys with all that etcd knows of them, in one file.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic backup create all.tar.gz                        every key, at one revision",
            "  medic backup create -n shop shop.tar.gz               a namespace and what is in it",
            "  medic backup create secrets -A secrets.tar.gz         every Secret",
            "  medic backup create svc/web -n shop web.tar.gz",
            "  medic backup create -n shop -l app=web web.tar.gz     of the namespace what has the label",
            "  medic backup create --prefix /registry/ranges/ ranges.tar.gz --snapshot snap.db",
            "The file is new, 0600, and holds Secrets as etcd does: keep it as you keep etcd."
        })
public final class BackupCreate implements Command {
    @CommandLine.Parameters(arity = "1..*", paramLabel = "[SELECTOR...] FILE", description = "what, and where to")
    private List<String> words = new ArrayList<>();

    @CommandLine.Mixin
    private Selection selection = new Selection();

    @Override
    public Report run(Session session) {
        List<String> selectors = words.subList(0, words.size() - 1);
        Path file = Path.of(words.getLast());
        Keyspace keyspace = session.keyspace();
        sayWhenDamaged(session);
        List<KeyRange> ranges = selection.ranges(session, keyspace, selectors);
        Revision at = keyspace.revision();
        long all = requireSome(keyspace, ranges, at, !selectors.isEmpty());
        Manifest.Head head = new Manifest.Head(
                Manifest.FORMAT,
                keyspace.source().clusterId(),
                at,
                keyspace.source().toString(),
                "",
                selection.described(selectors));
        try (ProgressBar bar = session.progress("backing up", ProgressBar.Unit.KEYS)) {
            DurableFile.streamNew(file, out -> {
                try (Spool manifest = Spool.beside(file)) {
                    write(session, keyspace, ranges, new Target(head, out, manifest), done -> bar.at(done, all));
                }
            });
        }
        return report(session, file);
    }

    /// A seal says that nothing was changed since; it must not be taken for more.
    private static void sayWhenDamaged(Session session) {
        session.file().ifPresent(file -> {
            Path path = Path.of(file.source().name());
            if (!SoundFile.is(session, path)) {
                session.mention("the file is damaged (medic snapshot verify " + path
                        + "): the archive will hold what it holds");
            }
        });
    }

    /// A key or prefix that was named and is not there is a mistake; one that is empty in a namespace is not.
    ///
    /// @return how many there are
    private static long requireSome(Keyspace keyspace, List<KeyRange> ranges, Revision at, boolean named) {
        long all = 0;
        for (KeyRange range : ranges) {
            long count = keyspace.count(range, Optional.of(at));
            if (count == 0 && named) {
                throw Selection.nothing(keyspace.source().toString(), range);
            }
            all += count;
        }
        if (all == 0) {
            throw Selection.nothing(keyspace.source().toString(), ranges.getFirst());
        }
        return all;
    }

    private record Target(Manifest.Head head, OutputStream out, Spool manifest) {}

    private void write(Session session, Keyspace keyspace, List<KeyRange> ranges, Target target, LongConsumer progress)
            throws IOException {
        ArchiveWriter.View view = entry -> {
            try {
                return Optional.of(Yaml.of(session.codec().document(entry)));
            } catch (Failure unreadable) {
                return Optional.empty();
            }
        };
        LabelOption labels = selection.labels();
        long written = 0;
        try (ArchiveWriter writer = new ArchiveWriter(target.out(), target.head(), view, target.manifest())) {
            long done = 0;
            for (KeyRange range : ranges) {
                try (Entries entries =
                        keyspace.scan(range, Scan.values().at(target.head().revision()))) {
                    while (entries.hasNext()) {
                        Entry entry = entries.next();
                        if (labels.takes(session, entry)) {
                            writer.key(entry);
                            written++;
                        }
                        done++;
                        progress.accept(done);
                    }
                }
            }
            labels.judge(session, written, keyspace.source().toString());
        } catch (Failure.Compacted overtaken) {
            throw new Failure.Compacted(Problem.in("backing up " + keyspace.source())
                            .found("revision " + target.head().revision() + " was compacted away meanwhile")
                            .hint("try again: kube-apiserver compacts every five minutes"))
                    .because(overtaken);
        }
    }

    /// What was written, read back.
    private static Report report(Session session, Path file) {
        LongAdder secrets = new LongAdder();
        Manifest manifest = Archive.open(file, key -> secrets.add(isSecret(session, key) ? 1 : 0))
                .manifest();
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("archive", new Text(file.toString()));
        fields.put("keys", new Whole(manifest.keys()));
        fields.put("valueBytes", new Whole(manifest.valueBytes()));
        fields.put("revision", new Whole(manifest.head().revision().number()));
        fields.put("clusterId", new Text(manifest.head().clusterId()));
        fields.put("source", new Text(manifest.head().source()));
        fields.put("undecoded", new Whole(manifest.undecoded()));
        fields.put("secrets", new Whole(secrets.sum()));
        return FieldsReport.of(fields, session.format(Format.TABLE));
    }

    private static boolean isSecret(Session session, Manifest.ArchivedKey key) {
        return session.registry()
                .parse(key.key().bytes())
                .filter(name -> name.resource().plural().equals("secrets"))
                .isPresent();
    }
}
