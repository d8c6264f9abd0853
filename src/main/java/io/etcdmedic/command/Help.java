package io.etcdmedic.command;

import io.etcdmedic.failure.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The texts that name commands.
public final class Help {
    private static final String HEAD = """
            medic looks inside the etcd behind a Kubernetes cluster.

            Usage: medic [OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]
            """;
    private static final String FOOT = """

            Options that every command takes, before or after its name:
              --snapshot FILE        read an etcd database file
              --etcd-prefix PREFIX   the registry's prefix; found out if not given
              -o, --output FORMAT    table, wide, yaml, json, jsonl, name, raw, hex or meta
              --show-secrets         show what is redacted otherwise
              --debug                show where a failure comes from
              -h, --help             show help, with examples

            Examples:
              medic demo
              medic --snapshot snap.db tree
              medic get servicecidr kubernetes --snapshot snap.db
              medic help get
            """;

    private Help() {}

    /// What `medic --help` prints.
    public static String overview() {
        Map<String, List<Catalog.Row>> groups = Catalog.rows().stream()
                .collect(Collectors.groupingBy(Catalog.Row::group, LinkedHashMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder(HEAD);
        groups.forEach((group, rows) -> {
            text.append('\n').append(group).append(":\n");
            rows.forEach(row -> text.append(line(row)));
        });
        return text.append(FOOT).toString();
    }

    static String group(String name, List<Catalog.Row> rows) {
        StringBuilder text = new StringBuilder("Usage: medic " + name + " COMMAND\n\n");
        rows.forEach(row -> text.append(line(row)));
        return text.append("\nExamples:\n  medic help " + rows.getFirst().words() + "\n")
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

    static Failure.Usage unknownCommand(List<String> words, List<Catalog.Row> group) {
        int depth = group.isEmpty()
                ? 0
                : below(group, words.subList(0, Math.min(2, words.size()))).isEmpty() ? 1 : 2;
        String typed = words.get(depth);
        List<String> before = words.subList(0, depth);
        List<String> known = below(Catalog.rows(), before).stream()
                .map(row -> row.path().get(depth))
                .distinct()
                .toList();
        String prefix = String.join("", before.stream().map(word -> word + " ").toList());
        return Medic.usage(
                "unknown command '" + prefix + typed + "'",
                Nearest.to(typed, known)
                        .map(m -> "did you mean medic " + prefix + m + "?")
                        .orElse("medic --help lists the commands"));
    }
}
