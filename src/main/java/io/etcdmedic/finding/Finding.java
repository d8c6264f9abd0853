package io.etcdmedic.finding;

/// One thing that a check found.
///
/// Built up as `Finding.error("certs/expiry", "kube-apiserver.pem").evidence("…").consequence("…").cure("medic …")`.
///
/// @param check which check speaks, `area/rule`; stable, for scripts
/// @param subject what it is about: a file, a flag, an option, a node, a key
/// @param evidence what was found, with its numbers
/// @param consequence what happens, or would happen, in one sentence; empty for `OK`
/// @param cure the command or change that cures it; empty when there is none
/// @param cause why it is so, or which accident this is; empty when not known
public record Finding(
        Severity severity,
        String check,
        String subject,
        String evidence,
        String consequence,
        String cure,
        String cause) {

    public static Finding ok(String check, String subject) {
        return of(Severity.OK, check, subject);
    }

    public static Finding warning(String check, String subject) {
        return of(Severity.WARNING, check, subject);
    }

    public static Finding error(String check, String subject) {
        return of(Severity.ERROR, check, subject);
    }

    public static Finding unknown(String check, String subject) {
        return of(Severity.UNKNOWN, check, subject);
    }

    public static Finding of(Severity severity, String check, String subject) {
        return new Finding(severity, check, subject, "", "", "", "");
    }

    public Finding evidence(String text) {
        return new Finding(severity, check, subject, text, consequence, cure, cause);
    }

    public Finding consequence(String text) {
        return new Finding(severity, check, subject, evidence, text, cure, cause);
    }

    public Finding cure(String text) {
        return new Finding(severity, check, subject, evidence, consequence, text, cause);
    }

    public Finding cause(String text) {
        return new Finding(severity, check, subject, evidence, consequence, cure, text);
    }

    /// Whether a script should stop: an error. Warnings and unknowns are for people.
    public boolean breaks() {
        return severity == Severity.ERROR;
    }
}
