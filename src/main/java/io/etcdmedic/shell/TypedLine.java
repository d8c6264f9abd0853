package io.etcdmedic.shell;

import java.util.List;

/// One command line, taken apart.
///
/// @param words the command's; none when the line is empty or a comment
public record TypedLine(List<String> words, Target target) {
    public TypedLine {
        words = List.copyOf(words);
    }

    public boolean isEmpty() {
        return words.isEmpty();
    }

    /// Without the program's own name in front: what hints say to type at a shell's prompt is typed here too.
    TypedLine withoutProgram() {
        return words.size() > 1 && words.getFirst().equals("medic")
                ? new TypedLine(words.subList(1, words.size()), target)
                : this;
    }

    /// Where the answer goes.
    public sealed interface Target {}

    /// Where every answer goes: the terminal, or standard output.
    public record Here() implements Target {}

    /// Into external programs, the first of which reads it.
    ///
    /// @param programs the argument list of each
    public record Pipe(List<List<String>> programs) implements Target {
        public Pipe {
            programs = List.copyOf(programs);
        }
    }

    /// Into a file that only we can read.
    ///
    /// @param append whether to add to what is there
    public record File(String path, boolean append) implements Target {}
}
