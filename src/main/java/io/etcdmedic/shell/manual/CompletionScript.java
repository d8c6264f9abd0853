package io.etcdmedic.shell.manual;

import io.etcdmedic.command.Catalog;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.Words;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import picocli.CommandLine;

/// `completion SHELL`: a script that makes bash, zsh or fish complete medic's commands and options.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic completion bash >/etc/bash_completion.d/medic",
            "  source <(medic completion bash)",
            "  medic completion zsh >\"${fpath[1]}/_medic\"",
            "  medic completion fish >~/.config/fish/completions/medic.fish"
        })
public final class CompletionScript implements Command {
    private static final Set<String> FILE_LABELS = Set.of("FILE", "DIR");
    private final Supplier<Catalog> catalog;

    @CommandLine.Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
    private String shell = "";

    public CompletionScript(Supplier<Catalog> catalog) {
        this.catalog = catalog;
    }

    @Override
    public Report run(Session session) {
        String script = switch (shell) {
            case "bash" -> "# bash completion of medic\n" + bash() + "complete -o default -F _medic medic\n";
            case "zsh" ->
                "#compdef medic\n# zsh completion of medic\nautoload -U +X bashcompinit && bashcompinit\n" + bash()
                        + "complete -o default -F _medic medic\n";
            case "fish" -> fish();
            default ->
                throw new Failure.Usage(Problem.in("reading the command line")
                        .found("no completion for '" + shell + "'")
                        .expected("bash, zsh or fish"));
        };
        return Report.of(new Content.Prose(script));
    }

    private String bash() {
        List<Catalog.Row> rows = catalog.get().rows();
        StringBuilder text = new StringBuilder("""
                _medic() {
                  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=' ' next='' i
                  for ((i = 1; i < COMP_CWORD; i++)); do
                    case ${COMP_WORDS[i]} in -*) ;; *) words="$words${COMP_WORDS[i]} " ;; esac
                  done
                  case $prev in
                    -o | --output) COMPREPLY=($(compgen -W 'table wide yaml json jsonl name raw hex meta' -- "$cur")); return ;;
                """);
        text.append("    ")
                .append(String.join(" | ", fileOptions(rows)))
                .append(") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n  esac\n  case $words in\n");
        Map<String, String> nexts = nexts(rows);
        nexts.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .filter(path -> !path.isEmpty())
                .forEach(path -> text.append("    *' ")
                        .append(path)
                        .append(" '*) next='")
                        .append(nexts.get(path))
                        .append("' ;;\n"));
        return text.append("    *) next='")
                .append(nexts.getOrDefault("", ""))
                .append("' ;;\n  esac\n  COMPREPLY=($(compgen -W \"$next\" -- \"$cur\"))\n}\n")
                .toString();
    }

    /// What may follow each beginning of a command: words, or for a whole command its options.
    private static Map<String, String> nexts(List<Catalog.Row> rows) {
        Map<String, Set<String>> nexts = new LinkedHashMap<>();
        for (Catalog.Row row : rows) {
            for (int depth = 0; depth < row.path().size(); depth++) {
                String path = String.join(" ", row.path().subList(0, depth));
                nexts.computeIfAbsent(path, _ -> new LinkedHashSet<>())
                        .add(row.path().get(depth));
            }
            nexts.computeIfAbsent(row.words(), _ -> new LinkedHashSet<>())
                    .addAll(new Words(row, List.of()).options().keySet());
        }
        nexts.computeIfAbsent("", _ -> new LinkedHashSet<>()).add("help");
        Map<String, String> joined = new LinkedHashMap<>();
        nexts.forEach((path, words) -> joined.put(path, String.join(" ", words)));
        return joined;
    }

    private static Set<String> fileOptions(List<Catalog.Row> rows) {
        Set<String> options = new TreeSet<>();
        for (Catalog.Row row : rows) {
            Words words = new Words(row, List.of());
            words.options().keySet().stream()
                    .filter(option ->
                            words.label(option).filter(FILE_LABELS::contains).isPresent())
                    .forEach(options::add);
        }
        return options;
    }

    private String fish() {
        StringBuilder text = new StringBuilder("# fish completion of medic\n");
        Set<String> first = new LinkedHashSet<>();
        for (Catalog.Row row : catalog.get().rows()) {
            if (first.add(row.name())) {
                text.append(line(
                        "__fish_use_subcommand", "-a " + row.name(), row.sub().isEmpty() ? row.summary() : ""));
            }
            for (int depth = 1; depth < row.path().size(); depth++) {
                text.append(line(
                        seen(row.path().subList(0, depth)), "-a " + row.path().get(depth), row.summary()));
            }
            new Words(row, List.of()).options().forEach((option, description) -> {
                if (option.startsWith("--")) {
                    text.append(line(seen(row.path()), "-l " + option.substring(2), description));
                }
            });
        }
        return text.toString();
    }

    private static String seen(List<String> path) {
        return String.join(
                "; and ",
                path.stream().map(word -> "__fish_seen_subcommand_from " + word).toList());
    }

    private static String line(String condition, String what, String description) {
        String about = description.isEmpty()
                ? ""
                : " -d '" + description.replace("\\", "\\\\").replace("'", "\\'") + "'";
        return "complete -c medic -n '" + condition + "' " + what + about + "\n";
    }
}
