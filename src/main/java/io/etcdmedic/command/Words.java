package io.etcdmedic.command;

import io.etcdmedic.render.Format;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// What may follow the words that were typed of a command: for completion.
///
/// @param arguments the words after the command's own
public record Words(Catalog.Row row, List<String> arguments) {
    private static final int FILES_MAX = 1000;

    public Words {
        arguments = List.copyOf(arguments);
    }

    private CommandLine line() {
        CommandLine line = new CommandLine(row.make().get());
        line.addMixin("shared", new SharedOptions());
        return line;
    }

    /// Every option's longest name, and what it does.
    public SequencedMap<String, String> options() {
        SequencedMap<String, String> names = new LinkedHashMap<>();
        for (OptionSpec option : line().getCommandSpec().options()) {
            names.put(option.longestName(), String.join(" ", option.description()));
        }
        return names;
    }

    /// What the argument of `option` is called; empty when it takes none, or there is no such option.
    public Optional<String> label(String option) {
        OptionSpec spec = line().getCommandSpec().findOption(option);
        return spec == null || spec.arity().max() == 0 ? Optional.empty() : Optional.of(spec.paramLabel());
    }

    /// The label of the option that the last word began and whose argument is still to come.
    public Optional<String> pendingLabel() {
        return arguments.isEmpty() || !arguments.getLast().startsWith("-")
                ? Optional.empty()
                : label(arguments.getLast());
    }

    /// The last word, where it is an option; else nothing.
    public String pendingOption() {
        return arguments.isEmpty() || !arguments.getLast().startsWith("-") ? "" : arguments.getLast();
    }

    /// What the next word that is no option is called; empty when none is expected.
    public String positionalLabel() {
        List<PositionalParamSpec> parameters = line().getCommandSpec().positionalParameters();
        int index = plain().size();
        return parameters.stream()
                .filter(p -> p.index().contains(index))
                .findFirst()
                .map(PositionalParamSpec::paramLabel)
                .orElse("");
    }

    /// The words that are neither options nor their arguments.
    public List<String> plain() {
        List<String> plain = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (!word.startsWith("-")) {
                plain.add(word);
            } else if (!word.contains("=") && label(word).isPresent()) {
                i++;
            }
        }
        return plain;
    }

    /// The namespace that the words name.
    public Optional<String> namespace() {
        for (int i = 0; i + 1 < arguments.size(); i++) {
            if (arguments.get(i).equals("-n") || arguments.get(i).equals("--namespace")) {
                return Optional.of(arguments.get(i + 1));
            }
        }
        return arguments.stream()
                .filter(word -> word.startsWith("--namespace="))
                .map(word -> word.substring(word.indexOf('=') + 1))
                .findFirst();
    }

    public List<String> formats() {
        return Arrays.stream(Format.values())
                .map(format -> format.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /// The names in `folder`, folders with a slash at their end; none where it cannot be read.
    public static List<String> files(Path folder) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (names.size() == FILES_MAX) {
                    break;
                }
                names.add(file.getFileName() + (Files.isDirectory(file) ? "/" : ""));
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            return names;
        }
        return names;
    }
}
