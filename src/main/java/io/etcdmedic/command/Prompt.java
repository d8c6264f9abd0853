package io.etcdmedic.command;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.render.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Somebody at a keyboard who can be asked; the shell answers with its own line editor.
@FunctionalInterface
public interface Prompt {
    /// Nobody is there: a script, a pipe.
    Prompt NOBODY = _ -> Optional.empty();

    /// What was typed, without the line's end; empty when nobody is there, or at the end of input.
    Optional<String> ask(String question);

    /// Whether somebody sits there who could be asked.
    default boolean isThere() {
        return this != NOBODY;
    }

    /// A terminal on both sides: asks on standard error, so that standard output stays data.
    static Prompt of(Console console) {
        return question -> {
            console.err().print(Escape.multiline(question));
            console.err().flush();
            try {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                int read = console.in().read();
                while (read >= 0 && read != '\n') {
                    line.write(read);
                    read = console.in().read();
                }
                return read < 0
                        ? Optional.empty()
                        : Optional.of(line.toString(StandardCharsets.UTF_8).strip());
            } catch (IOException gone) {
                return Optional.empty();
            }
        };
    }
}
