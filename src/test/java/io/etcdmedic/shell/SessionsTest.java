package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs every script under src/test/sessions; `scripts/check --accept` takes new output over.
class SessionsTest {
    @ParameterizedTest
    @MethodSource("scripts")
    void saysWhatItSaid(Path file) {
        SessionScript script = new SessionScript(file);
        String actual = script.actual();
        if (Boolean.getBoolean("medic.accept")) {
            script.accept(actual);
        }
        assertThat(actual)
                .as("%s: when the new output is right, run scripts/check --accept and read its diff", file)
                .isEqualTo(script.expected());
    }

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/sessions"))) {
            return files.filter(f -> f.toString().endsWith(".session")).sorted().toList();
        }
    }
}
