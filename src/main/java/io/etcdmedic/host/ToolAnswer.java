package io.etcdmedic.host;

import java.time.Duration;

/// What became of running a tool.
public sealed interface ToolAnswer {

    /// It ran to its end.
    ///
    /// @param stdout at most the call's `outputBytesMax`, malformed UTF-8 replaced
    /// @param cut whether output was dropped because it exceeded the limit
    record Ran(int exitStatus, String stdout, String stderr, boolean cut) implements ToolAnswer {
        public boolean ok() {
            return exitStatus == 0;
        }
    }

    /// It is not installed, or could not be started.
    record Missing(String why) implements ToolAnswer {}

    /// It did not end in time and was killed with its children.
    record TimedOut(Duration after) implements ToolAnswer {}

    /// The answer in words, for evidence: empty when it ran and exited with 0.
    default String trouble() {
        return switch (this) {
            case Ran ran when ran.ok() -> "";
            case Ran ran -> "exit status " + ran.exitStatus() + firstLine(ran.stderr());
            case Missing missing -> missing.why();
            case TimedOut late -> "no answer within " + late.after().toMillis() + " ms";
        };
    }

    private static String firstLine(String text) {
        String line = text.strip().lines().findFirst().orElse("");
        return line.isEmpty() ? "" : ": " + line;
    }
}
