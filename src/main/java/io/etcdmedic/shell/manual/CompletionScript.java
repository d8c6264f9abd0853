package io.etcdmedic.shell.manual;

import io.etcdmedic.command.Catalog;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.Words;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.kubernetes.Resources;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import io.etcdmedic.runbook.Runbooks;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
            case "zsh" -> zsh();
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
        return """
                _medic() {
                  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} said=' ' next='' i
                  for ((i = 1; i < COMP_CWORD; i++)); do
                    case ${COMP_WORDS[i]} in -*) ;; *) said="$said${COMP_WORDS[i]} " ;; esac
                  done
                  case $prev in
                    -o | --output) COMPREPLY=($(compgen -W '%s' -- "$cur")); return ;;
                    %s) COMPREPLY=($(compgen -f -- "$cur")); return ;;
                  esac
                %s  COMPREPLY=($(compgen -W "$next" -- "$cur"))
                }
                """.formatted(formats(), String.join(" | ", fileOptions(rows)), choice(rows));
    }

    /// Works from a folder of `fpath` as well as read with `source`.
    private String zsh() {
        List<Catalog.Row> rows = catalog.get().rows();
        return """
                #compdef medic
                # zsh completion of medic
                _medic() {
                  local prev=${words[CURRENT-1]} said=' ' next='' word
                  for word in "${(@)words[2,CURRENT-1]}"; do
                    case $word in -*) ;; *) said="$said$word " ;; esac
                  done
                  case $prev in
                    -o | --output) compadd -- %s; return ;;
                    %s) _files; return ;;
                  esac
                %s  compadd -- ${=next} || _files
                }
                if [ "$funcstack[1]" = _medic ]; then _medic "$@"; else compdef _medic medic; fi
                """.formatted(formats(), String.join(" | ", fileOptions(rows)), choice(rows));
    }

    private static String formats() {
        return Arrays.stream(Format.values())
                .map(format -> format.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }

    /// Sets `next` by the words in `said`, the longest beginning of a command first.
    private static String choice(List<Catalog.Row> rows) {
        Map<String, String> nexts = nexts(rows);
        StringBuilder text = new StringBuilder("  case $said in\n");
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
                .append("' ;;\n  esac\n")
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
            nexts.computeIfAbsent(row.words(), _ -> new LinkedHashSet<>()).addAll(firstWords(row));
            nexts.get(row.words()).addAll(new Words(row, List.of()).options().keySet());
        }
        nexts.computeIfAbsent("", _ -> new LinkedHashSet<>()).add("help");
        Map<String, String> joined = new LinkedHashMap<>();
        nexts.forEach((path, words) -> joined.put(path, String.join(" ", words)));
        return joined;
    }

    /// What the first word after a whole command may be, where that is known without a source.
    private static List<String> firstWords(Catalog.Row row) {
        return switch (new Words(row, List.of()).positionalLabel()) {
            case "RUNBOOK" ->
                Runbooks.all().stream().map(runbook -> runbook.name()).toList();
            case "KEY", "RESOURCE" ->
                Resources.builtIn().all().stream()
                        .map(Resource::plural)
                        .distinct()
                        .toList();
            case "SHELL" -> List.of("bash", "zsh", "fish");
            default -> List.of();
        };
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
        Set<String> offered = new LinkedHashSet<>();
        List<Catalog.Row> rows = catalog.get().rows();
        for (Catalog.Row row : rows) {
            for (int depth = 0; depth < row.path().size(); depth++) {
                List<String> before = row.path().subList(0, depth);
                String word = row.path().get(depth);
                if (offered.add(String.join(" ", before) + " " + word)) {
                    boolean whole = row.path().size() == depth + 1;
                    text.append(line(at(rows, before), "-a " + word, whole ? row.summary() : ""));
                }
            }
            List<String> first = firstWords(row);
            if (!first.isEmpty()) {
                text.append(line(seen(row.path()), "-a '" + String.join(" ", first) + "'", ""));
            }
            text.append(options(row));
        }
        return text.toString();
    }

    private static String options(Catalog.Row row) {
        StringBuilder text = new StringBuilder();
        Words words = new Words(row, List.of());
        words.options().forEach((option, description) -> {
            if (option.startsWith("--")) {
                String label = words.label(option).orElse("");
                String value = label.isEmpty()
                        ? ""
                        : label.equals("FORMAT")
                                ? " -x -a '" + formats() + "'"
                                : FILE_LABELS.contains(label) ? " -r -F" : " -x";
                String shortName = option.equals("--output") ? " -s o" : "";
                text.append(line(seen(row.path()), "-l " + option.substring(2) + shortName + value, description));
            }
        });
        return text.toString();
    }

    /// Where `path` was typed, and none of the words that may follow it.
    private static String at(List<Catalog.Row> rows, List<String> path) {
        if (path.isEmpty()) {
            return "__fish_use_subcommand";
        }
        String following = rows.stream()
                .filter(row -> row.path().size() > path.size()
                        && row.path().subList(0, path.size()).equals(path))
                .map(row -> row.path().get(path.size()))
                .distinct()
                .collect(Collectors.joining(" "));
        return seen(path) + "; and not __fish_seen_subcommand_from " + following;
    }

    private static String seen(List<String> path) {
        return path.stream().map(word -> "__fish_seen_subcommand_from " + word).collect(Collectors.joining("; and "));
    }

    private static String line(String condition, String what, String description) {
        String about = description.isEmpty()
                ? ""
                : " -d '" + description.replace("\\", "\\\\").replace("'", "\\'") + "'";
        return "complete -c medic -n '" + condition + "' " + what + about + "\n";
    }
}
