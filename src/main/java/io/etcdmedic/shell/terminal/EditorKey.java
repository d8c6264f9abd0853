package io.etcdmedic.shell.terminal;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.Foreground;
import io.etcdmedic.shell.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jline.keymap.KeyMap;
import org.jline.reader.LineReader;
import org.jline.reader.Reference;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;

/// Ctrl-X Ctrl-E: the line in `$VISUAL` or `$EDITOR`, for long input.
record EditorKey(LineReader reader, Terminal terminal, Map<String, String> environment) {
    private static final String WIDGET = "medic-edit-line";

    static void bind(LineReader reader, Terminal terminal, Map<String, String> environment) {
        EditorKey key = new EditorKey(reader, terminal, environment);
        reader.getWidgets().put(WIDGET, key::edit);
        Objects.requireNonNull(reader.getKeyMaps().get(LineReader.MAIN), "JLine's main key map")
                .bind(new Reference(WIDGET), KeyMap.ctrl('X') + KeyMap.ctrl('E'));
    }

    private boolean edit() {
        try {
            // Made with mode 0600.
            Path file = Files.createTempFile("medic-line", ".txt");
            try {
                Files.writeString(file, reader.getBuffer().toString());
                if (edited(file)) {
                    String text = Files.readString(file).stripTrailing();
                    reader.getBuffer().clear();
                    reader.getBuffer().write(text);
                }
            } finally {
                Files.deleteIfExists(file);
            }
            reader.callWidget(LineReader.CLEAR_SCREEN);
            reader.callWidget(LineReader.REDISPLAY);
            return true;
        } catch (IOException | Failure failed) {
            return false;
        }
    }

    private boolean edited(Path file) {
        String editor = environment.getOrDefault("VISUAL", environment.getOrDefault("EDITOR", "vi"));
        List<String> argv = new ArrayList<>(Splitter.split(editor, environment).words());
        argv.add(file.toString());
        Attributes raw = terminal.getAttributes();
        Attributes plain = terminal.getAttributes();
        plain.setLocalFlag(Attributes.LocalFlag.ICANON, true);
        plain.setLocalFlag(Attributes.LocalFlag.ECHO, true);
        plain.setLocalFlag(Attributes.LocalFlag.ISIG, true);
        plain.setInputFlag(Attributes.InputFlag.ICRNL, true);
        terminal.setAttributes(plain);
        try {
            return Foreground.run(argv, environment) == 0;
        } finally {
            terminal.setAttributes(raw);
        }
    }
}
