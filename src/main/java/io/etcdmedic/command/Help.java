package io.etcdmedic.command;

import io.etcdmedic.failure.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import picocli.CommandLine;

/// The texts that name commands and options.
///
/// @param program what stands before a command in examples: `medic `, or nothing at the shell's own prompt
public record Help(Catalog catalog, String program) {
    private static final int WIDTH = 110;
    private static final int WORD_MAX = 60;
    private static final String HEAD = """
            medic looks inside the etcd behind a Kubernetes cluster.

            Usage: %s[OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]
            """;
    private static final String FOOT = """

            Options that every command takes, before or after its name (all of them: %1$shelp options):
              --snapshot FILE        read an etcd database file
              --endpoints URL        talk to a live etcd, with --cacert, --cert and --key; or --profile NAME
              -o, --output FORMAT    table, wide, yaml, json, jsonl, name, raw, hex, proto or meta
              --read-only            refuse every change
              --show-secrets         show what is redacted otherwise
              -h, --help             show help, with examples

            Examples:
              %1$sdemo
              %1$stree --snapshot snap.db
              %1$sget servicecidr kubernetes --snapshot snap.db
              %1$shelp get
            """;
    private static final String SHARED_IN_SHORT = """

            Options of every command, in short; %shelp options explains them all:
              --snapshot FILE | --endpoints URL --cacert FILE --cert FILE --key FILE | --profile NAME
              -o table|wide|yaml|json|jsonl|name|raw|hex|proto|meta   --show-secrets   --encryption-config FILE
              --read-only   --state-dir DIR   --kubeconfig FILE   --debug   -h
            """;
    /// The classes that hold shared options, and what theirs are about.
    private static final SequencedMap<Class<?>, String> HOLDERS = new LinkedHashMap<>();

    static {
        HOLDERS.put(SharedOptions.class, "The source, and the answer");
        HOLDERS.put(EtcdOptions.class, "A live etcd");
        HOLDERS.put(ValueOptions.class, "Stored values");
        HOLDERS.put(StateOptions.class, "Changes, and what is kept of them");
        HOLDERS.put(ApiOptions.class, "The Kubernetes API");
    }

    private static final String EXAMPLES = "Examples:";

    /// What `medic --help` prints.
    public String overview() {
        Map<String, List<Catalog.Row>> groups = catalog.rows().stream()
                .collect(Collectors.groupingBy(Catalog.Row::group, LinkedHashMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder(HEAD.formatted(program));
        groups.forEach((group, rows) -> {
            text.append('\n').append(group).append(":\n");
            rows.forEach(row -> text.append(line(row)));
        });
        return text.append(FOOT.formatted(program)).toString();
    }

    /// One command's own options and examples, and the shared options in short.
    public String command(Catalog.Row row) {
        CommandLine line = new CommandLine(row.make().get());
        line.setCommandName(program + row.words());
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(WIDTH);
        // A shell's `${fpath[1]}` in an example is meant for that shell.
        line.setInterpolateVariables(false);
        line.getCommandSpec().usageMessage().description(row.summary());
        line.getCommandSpec().usageMessage().descriptionHeading("%n").parameterListHeading("%n");
        if (line.getCommandSpec().positionalParameters().isEmpty()) {
            line.getCommandSpec().usageMessage().optionListHeading("%n");
        }
        String text = line.getUsageMessage(CommandLine.Help.Ansi.OFF);
        String shared = SHARED_IN_SHORT.formatted(program);
        int examples = text.indexOf("\n" + EXAMPLES);
        return examples < 0
                ? text + shared
                : text.substring(0, examples).stripTrailing() + "\n" + shared + text.substring(examples);
    }

    /// Every shared option, by what it is about: what `medic help options` prints.
    public String options() {
        CommandLine line = new CommandLine(new SharedOptions());
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(WIDTH);
        CommandLine.Help help = line.getHelp();
        StringBuilder text = new StringBuilder("Options that every command takes, before or after its name.\n");
        HOLDERS.forEach((holder, heading) -> {
            List<CommandLine.Model.OptionSpec> options = line.getCommandSpec().options().stream()
                    .filter(option -> Parsed.holder(option).equals(holder))
                    .toList();
            text.append('\n').append(heading).append(":\n").append(help.optionListExcludingGroups(options));
        });
        return text.toString();
    }

    String group(String name, List<Catalog.Row> rows) {
        StringBuilder text = new StringBuilder("Usage: " + program + name + " COMMAND\n\n");
        rows.forEach(row -> text.append(line(row)));
        return text.append("\n" + EXAMPLES + "\n  " + program + "help ")
                .append(rows.getFirst().words())
                .append('\n')
                .toString();
    }

    /// The rows of `group` that go on where `words` end: `node certs` has `node certs check`.
    static List<Catalog.Row> below(List<Catalog.Row> group, List<String> words) {
        return group.stream()
                .filter(row -> row.path().size() > words.size()
                        && row.path().subList(0, words.size()).equals(words))
                .toList();
    }

    private static String line(Catalog.Row row) {
        return "  " + row.words() + " ".repeat(Math.max(1, 20 - row.words().length())) + row.summary() + "\n";
    }

    /// A paste gone wrong fills no screen.
    private static String shortened(String word) {
        return word.length() <= WORD_MAX ? word : word.substring(0, WORD_MAX) + "…";
    }

    Failure.Usage unknownCommand(List<String> words, List<Catalog.Row> group) {
        int depth = group.isEmpty()
                ? 0
                : below(group, words.subList(0, Math.min(2, words.size()))).isEmpty() ? 1 : 2;
        String typed = shortened(words.get(depth));
        List<String> before = words.subList(0, depth);
        List<String> known = below(catalog.rows(), before).stream()
                .map(row -> row.path().get(depth))
                .distinct()
                .toList();
        String prefix = String.join("", before.stream().map(word -> word + " ").toList());
        return Medic.usage(
                "unknown command '" + prefix + typed + "'",
                Nearest.to(typed, known)
                        .map(m -> "did you mean " + program + prefix + m + "?")
                        .orElse(program.isEmpty() ? "help lists the commands" : "medic --help lists the commands"));
    }
}
