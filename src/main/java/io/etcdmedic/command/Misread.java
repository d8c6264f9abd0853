package io.etcdmedic.command;

import io.etcdmedic.failure.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What picocli could not read, in our words: which option or word it is, what stands there, what belongs there.
record Misread(CommandLine.ParameterException wrong) {
    private static final Problem READING = Problem.in("reading the command line");

    Problem problem() {
        return switch (wrong) {
            case CommandLine.OverwrittenOptionException twice ->
                READING.found(name(twice.getOverwritten()) + " is given more than once");
            case CommandLine.MissingParameterException missing
            when !missing.getMissing().isEmpty() -> missing(missing.getMissing());
            default ->
                Optional.ofNullable(wrong.getArgSpec())
                        .map(this::unfit)
                        .orElseGet(() -> READING.found(text().replace("option option", "option")));
        };
    }

    /// picocli tells an option that is not there from one without its value by its words alone.
    private Problem missing(List<ArgSpec> missing) {
        ArgSpec first = missing.getFirst();
        if (!(first instanceof OptionSpec option)) {
            return READING.found("no " + first.paramLabel()).expected(String.join(" ", first.description()));
        }
        if (text().startsWith("missing required option")) {
            String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
            return READING.found(option.longestName() + value + " is missing");
        }
        return READING.found(name(option) + " has no value").expected(expected(option, ""));
    }

    private Problem unfit(ArgSpec arg) {
        String value = String.valueOf(wrong.getValue());
        String expected = expected(arg, value);
        // A converter of ours says by itself what it wants.
        if (expected.equals(arg.paramLabel())
                && !arg.typeInfo().isMap()
                && wrong.getCause() instanceof CommandLine.TypeConversionException own) {
            return READING.found(name(arg) + ": " + own.getMessage());
        }
        return READING.found(name(arg) + " is '" + value + "'").expected(expected);
    }

    /// What can stand where `value` does.
    private static String expected(ArgSpec arg, String value) {
        Class<?> type = arg.typeInfo().isMap() ? arg.type() : arg.auxiliaryTypes()[0];
        if (type.isEnum()) {
            List<String> names = Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .toList();
            return names.stream().limit(names.size() - 1).collect(Collectors.joining(", ")) + " or " + names.getLast();
        }
        boolean digits = value.matches("[+-]?[0-9]+");
        if (type == Integer.class || type == int.class) {
            return "a whole number" + (digits ? " of at most " + Integer.MAX_VALUE : "");
        }
        if (type == Long.class || type == long.class) {
            return "a whole number" + (digits ? " of at most " + Long.MAX_VALUE : "");
        }
        return type == Boolean.class || type == boolean.class ? "true or false" : arg.paramLabel();
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? "option '" + option.longestName() + "'" : arg.paramLabel();
    }

    /// picocli's own words, with a small letter at the beginning like ours.
    private String text() {
        String text = String.valueOf(wrong.getMessage());
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}
