package io.etcdmedic.failure;

/// The four sentences that every failure owes the operator.
///
/// @param operation what was being done, as a participle: "reading page 7 of snap.db"
/// @param found what was there instead of what should have been
/// @param expected what should have been there; empty when `found` says it all
/// @param hint what to do next, a command where there is one; empty when there is nothing to say
public record Problem(String operation, String found, String expected, String hint) {

    /// Begins a problem: `Problem.in("reading page 7").found("id 9").expected("id 7").hint("…")`.
    public static Problem in(String operation) {
        return new Problem(operation, "", "", "");
    }

    public Problem found(String text) {
        return new Problem(operation, text, expected, hint);
    }

    public Problem expected(String text) {
        return new Problem(operation, found, text, hint);
    }

    public Problem hint(String text) {
        return new Problem(operation, found, expected, text);
    }

    /// One line: `operation: found; expected …`. The hint stands apart.
    public String message() {
        String line = found.isEmpty() ? operation : operation + ": " + found;
        return expected.isEmpty() ? line : line + "; expected " + expected;
    }
}
