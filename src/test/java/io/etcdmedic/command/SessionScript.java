package io.etcdmedic.command;

import io.etcdmedic.shell.Splitter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A `.session` file: comments, command lines after `$ medic`, and below each its whole output.
///
/// Shape of an answer: standard output, then each line of standard error after `! `, then `[N]` for an exit code
/// other than 0. Words are split as in every script.
record SessionScript(Path file) {
    /// What the file says now.
    String expected() {
        return read(file);
    }

    /// What it would say after running every command anew.
    String actual() {
        StringBuilder text = new StringBuilder();
        boolean answer = false;
        for (String line : expected().lines().toList()) {
            if (line.startsWith("$ medic")) {
                text.append(line).append('\n').append(run(line.substring("$ medic".length())));
                answer = true;
            } else if (line.startsWith("# ") || line.equals("#")) {
                text.append(answer ? "\n" : "").append(line).append('\n');
                answer = false;
            }
        }
        return text.toString();
    }

    void accept(String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(String commandLine) {
        Ran ran = Ran.run(false, Splitter.split(commandLine, Map.of()).words());
        StringBuilder answer = new StringBuilder(ran.text());
        if (!answer.isEmpty() && answer.charAt(answer.length() - 1) != '\n') {
            answer.append("(no line feed)\n");
        }
        ran.stderr().lines().forEach(line -> answer.append("! ").append(line).append('\n'));
        if (ran.status() != 0) {
            answer.append('[').append(ran.status()).append("]\n");
        }
        return answer.toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
