package io.etcdmedic.command;

import io.etcdmedic.failure.Failure;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;

/// Words turned into options, by picocli.
final class Parsed {
    private static final Set<String> TARGETS = Set.of("--snapshot", "--endpoints", "--profile");
    private static final Set<String> OWN_SOURCE = Set.of("--snapshot", "--salvage", "--etcd-prefix");

    private final SharedOptions shared = new SharedOptions();
    /// The options that were typed.
    private final List<CommandLine.Model.OptionSpec> matched = new ArrayList<>();

    @CommandLine.Command(name = "medic")
    private static final class Root {
        @CommandLine.Parameters(arity = "0..*")
        private List<String> words = new ArrayList<>();
    }

    SharedOptions shared() {
        return shared;
    }

    /// Whether the words name another source: a file, endpoints or a profile.
    boolean namesTarget() {
        return matched.stream().anyMatch(option -> TARGETS.contains(option.longestName()));
    }

    /// Whether the words say anything about the source or the way to it.
    boolean namesSource() {
        return matched.stream()
                .anyMatch(option ->
                        holder(option).equals(EtcdOptions.class) || OWN_SOURCE.contains(option.longestName()));
    }

    /// Whether the words say anything about how values are read.
    boolean namesValues() {
        return matched.stream().anyMatch(option -> holder(option).equals(ValueOptions.class));
    }

    /// The class that declares `option`.
    static Class<?> holder(CommandLine.Model.OptionSpec option) {
        return option.userObject() instanceof Field field ? field.getDeclaringClass() : Object.class;
    }

    /// Whether `words` look as if a file were read, or help, instead of a cluster; a guess, before they are parsed.
    static boolean mayNameFile(List<String> words) {
        return words.stream().anyMatch(w -> w.startsWith("--snapshot") || w.equals("--help") || w.equals("-h"));
    }

    /// The shared options that `words` are.
    static SharedOptions shared(List<String> words) {
        Parsed parsed = new Parsed();
        parsed.sharedThenWords(words);
        return parsed.shared();
    }

    /// Takes the shared options at the beginning; what follows is returned.
    List<String> sharedThenWords(List<String> words) {
        if (!words.isEmpty() && !words.getFirst().startsWith("-")) {
            // There are none: not even asking saves a tenth of a quick command's time.
            return words;
        }
        Root root = new Root();
        CommandLine line = new CommandLine(root);
        line.addMixin("shared", shared);
        line.setStopAtPositional(true);
        parse(line, words, "medic");
        return List.copyOf(root.words);
    }

    CommandLine command(Catalog.Row row, Command command, List<String> arguments) {
        CommandLine line = new CommandLine(command);
        line.setCommandName("medic " + row.words());
        line.addMixin("shared", shared);
        line.getCommandSpec().usageMessage().description(row.summary());
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(110);
        parse(line, arguments, "medic " + row.words());
        return line;
    }

    private void parse(CommandLine line, List<String> words, String name) {
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setAbbreviatedOptionsAllowed(false);
        line.setExpandAtFiles(false);
        try {
            matched.addAll(line.parseArgs(words.toArray(String[]::new)).matchedOptions());
        } catch (CommandLine.UnmatchedArgumentException unknown) {
            throw unmatched(line, unknown.getUnmatched().getFirst(), name);
        } catch (CommandLine.ParameterException wrong) {
            throw new Failure.Usage(new Misread(wrong).problem().hint(name + " --help"));
        }
    }

    private static Failure.Usage unmatched(CommandLine line, String word, String name) {
        if (!word.startsWith("-")) {
            return Medic.usage("one argument too many: '" + word + "'", name + " --help");
        }
        List<String> options = line.getCommandSpec().options().stream()
                .flatMap(o -> List.of(o.names()).stream())
                .toList();
        String plain = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        return Medic.usage(
                "unknown option '" + plain + "'",
                ForeignOptions.hint(plain)
                        .or(() -> Nearest.to(plain, options).map(meant -> "did you mean " + meant + "?"))
                        .orElse(name + " --help"));
    }
}
