package io.etcdmedic.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A tool to run: an argument list, never a line for a shell.
///
/// @param argv the program (a bare name is looked for in the fixed folders of [Tools]) and its arguments
/// @param outputBytesMax per stream; the rest is read and dropped, so that the tool does not block
public record ToolCall(List<String> argv, Duration timeout, int outputBytesMax) {
    /// `docker inspect` of a node's containers is some 100 kB, `containerd config dump` 10 kB.
    public static final int OUTPUT_BYTES_MAX = 4 << 20;

    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    public ToolCall {
        argv = List.copyOf(argv);
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw new IllegalArgumentException("a tool has a name");
        }
        for (String argument : argv) {
            if (argument.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("an argument cannot hold a NUL");
            }
        }
    }

    public static ToolCall of(String program, String... arguments) {
        List<String> argv = new ArrayList<>();
        argv.add(program);
        argv.addAll(List.of(arguments));
        return new ToolCall(argv, TIMEOUT, OUTPUT_BYTES_MAX);
    }

    public ToolCall within(Duration limit) {
        return new ToolCall(argv, limit, outputBytesMax);
    }

    public String program() {
        return argv.getFirst();
    }

    /// For people: the arguments joined by spaces.
    public String words() {
        return String.join(" ", argv);
    }
}
