package io.etcdmedic.shell;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Command lines from a file or from a pipe, one at a time: what follows is read when it is asked for.
///
/// A backslash at the end of a line joins the next one to it. Bytes that are not UTF-8 become U+FFFD, which no
/// command line may hold.
public final class Script {
    /// Of the bytes of a longer line only so many are kept: enough to see that it is too long.
    static final int LINE_BYTES_MAX = 4 * Splitter.CHARACTERS_MAX;

    private final String name;
    private final InputStream in;
    private int number;

    /// @param name for messages: the file, or `stdin`
    public Script(String name, InputStream in) {
        this.name = name;
        this.in = new BufferedInputStream(in);
    }

    /// @param number of its first line in the file, from 1
    public record Line(String script, int number, String text) {
        /// `incident.medic:7`; empty where the script has no name
        public String where() {
            return script.isEmpty() ? "" : script + ":" + number;
        }
    }

    public String name() {
        return name;
    }

    /// The next line; empty at the end.
    public Optional<Line> next() {
        Optional<String> first = line();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        int start = number;
        StringBuilder text = new StringBuilder(first.get());
        while (joins(text)) {
            Optional<String> more = line();
            if (more.isEmpty()) {
                break;
            }
            text.append('\n').append(more.get());
        }
        return Optional.of(new Line(name, start, text.toString()));
    }

    /// All lines that are left.
    public List<Line> rest() {
        List<Line> lines = new ArrayList<>();
        for (Optional<Line> line = next(); line.isPresent(); line = next()) {
            lines.add(line.get());
        }
        return lines;
    }

    private static boolean joins(CharSequence text) {
        int backslashes = 0;
        while (backslashes < text.length() && text.charAt(text.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private Optional<String> line() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            int b = in.read();
            if (b < 0) {
                return Optional.empty();
            }
            number++;
            while (b >= 0 && b != '\n') {
                if (bytes.size() < LINE_BYTES_MAX) {
                    bytes.write(b);
                }
                b = in.read();
            }
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("reading " + name).found(String.valueOf(e.getMessage())))
                    .because(e);
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        String unix = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        return Optional.of(number == 1 && unix.startsWith("\ufeff") ? unix.substring(1) : unix);
    }
}
