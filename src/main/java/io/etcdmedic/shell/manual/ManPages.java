package io.etcdmedic.shell.manual;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Catalog;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Help;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// `man`: man pages of every command, made from the commands themselves.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic man --out-dir /usr/local/share/man/man1    medic.1, medic-get.1 and so on",
            "  medic man get | man -l -                         one page"
        })
public final class ManPages implements Command {
    private final Supplier<Catalog> catalog;

    @CommandLine.Parameters(arity = "0..*", paramLabel = "COMMAND", description = "the command whose page is shown")
    private List<String> words = new ArrayList<>();

    @CommandLine.Option(names = "--out-dir", paramLabel = "DIR", description = "write every page into this folder")
    private Optional<Path> folder = Optional.empty();

    public ManPages(Supplier<Catalog> catalog) {
        this.catalog = catalog;
    }

    @Override
    public Report run(Session session) {
        if (folder.isEmpty()) {
            return Report.of(new Content.Prose(words.isEmpty() ? overview() : page(row())));
        }
        List<Content.Item> written = new ArrayList<>();
        write("medic.1", overview(), written);
        for (Catalog.Row row : catalog.get().rows()) {
            write("medic-" + row.words().replace(' ', '-') + ".1", page(row), written);
        }
        return Report.of(new Content.Items(written, false));
    }

    private Catalog.Row row() {
        return catalog.get()
                .find(words)
                .filter(found -> found.path().size() == words.size())
                .orElseThrow(() -> new Failure.Usage(Problem.in("reading the command line")
                        .found("no command is called '" + String.join(" ", words) + "'")
                        .hint("medic --help lists the commands")));
    }

    private void write(String name, String text, List<Content.Item> written) {
        Path file = folder.orElseThrow().resolve(name);
        try {
            Files.createDirectories(folder.orElseThrow());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("writing " + file).found(String.valueOf(e.getMessage())))
                    .because(e);
        }
        written.add(new Content.Item(
                Bytes.utf8(file.toString()), new io.etcdmedic.document.Document.Text(file.toString())));
    }

    private String overview() {
        return head("medic", "look inside, diagnose and repair the etcd behind Kubernetes")
                + section("DESCRIPTION")
                + verbatim(new Help(catalog.get(), "medic ").overview())
                + section("OPTIONS")
                + verbatim(new Help(catalog.get(), "medic ").options())
                + exitStatus();
    }

    private static String page(Catalog.Row row) {
        CommandLine line = new CommandLine(row.make().get());
        line.setCommandName("medic " + row.words());
        // As in the help: what is a shell's own stays as it is.
        line.setInterpolateVariables(false);
        CommandSpec spec = line.getCommandSpec();
        StringBuilder text = new StringBuilder(head("medic-" + row.words().replace(' ', '-'), row.summary()));
        text.append(section("SYNOPSIS"))
                .append(roff(line.getHelp().synopsis(0).strip().replaceAll("\\s+", " ")))
                .append('\n');
        if (!spec.positionalParameters().isEmpty() || !spec.options().isEmpty()) {
            text.append(section("OPTIONS"));
            spec.positionalParameters().forEach(p -> text.append(entry(p.paramLabel(), p.description())));
            spec.options()
                    .forEach(o -> text.append(entry(
                            String.join(", ", o.names()) + (o.arity().max() > 0 ? " " + o.paramLabel() : ""),
                            o.description())));
            text.append(".PP\nThe options of every command are in medic(1).\n");
        }
        String[] examples = spec.usageMessage().footer();
        if (examples.length > 0) {
            text.append(section("EXAMPLES")).append(verbatim(String.join("\n", examples) + "\n"));
        }
        return text.append(exitStatus()).toString();
    }

    private static String head(String name, String summary) {
        return ".TH " + name.toUpperCase(java.util.Locale.ROOT) + " 1\n" + section("NAME") + roff(name) + " \\- "
                + roff(summary) + "\n";
    }

    private static String section(String name) {
        return ".SH " + name + "\n";
    }

    private static String entry(String term, String[] description) {
        return ".TP\n.B " + roff(term) + "\n" + roff(String.join(" ", description)) + "\n";
    }

    private static String verbatim(String text) {
        StringBuilder lines = new StringBuilder(".nf\n");
        text.lines().forEach(line -> lines.append(roff(line)).append('\n'));
        return lines.append(".fi\n").toString();
    }

    private static String exitStatus() {
        return section("EXIT STATUS") + verbatim("""
                0    ok
                1    findings, a difference, or nothing found
                2    wrong usage, or a guard that refused
                3    the network or the environment: nothing was done
                4    the world moved: nothing was done
                5    corrupt data
                6    locked: encrypted without the key, or no permission
                7    applied, but not verified or not recreated
                8    unsettled: medic journal resume settles it
                70   a bug of medic
                130, 143, 129   interrupted
                """);
    }

    private static String roff(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
