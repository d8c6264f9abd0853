package io.etcdmedic.command.node;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Findings as a report: the worst first, a sentence that counts them, exit 1 when something would break.
public final class FindingsReport {
    private FindingsReport() {}

    /// @param subject whose findings these are: "this machine", "the facts in DIR"
    public static Report of(String subject, List<Finding> findings) {
        return Report.of(new Content.Parts(parts(subject, findings))).exit(exit(findings));
    }

    /// The parts of a report, for a command that has more to show.
    public static List<Content.Part> parts(String subject, List<Finding> findings) {
        return List.of(
                new Content.Part("", "findings", passages(findings)),
                new Content.Part("", "summary", new Content.Prose(summary(subject, findings) + "\n")));
    }

    public static ExitCode exit(List<Finding> findings) {
        return findings.stream().anyMatch(Finding::breaks) ? ExitCode.FINDINGS : ExitCode.OK;
    }

    static Content.Passages passages(List<Finding> findings) {
        return new Content.Passages(findings.stream()
                .sorted(Comparator.comparingInt((Finding f) -> rank(f.severity())))
                .map(FindingsReport::passage)
                .toList());
    }

    /// "On this machine: 2 errors, 1 warning, 14 ok."
    static String summary(String subject, List<Finding> findings) {
        List<String> counts = new ArrayList<>();
        for (Severity severity : List.of(Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.OK)) {
            long count = findings.stream().filter(f -> f.severity() == severity).count();
            boolean plural = count > 1 && (severity == Severity.ERROR || severity == Severity.WARNING);
            if (count > 0) {
                counts.add(count + " " + severity.word() + (plural ? "s" : ""));
            }
        }
        String verdict = findings.stream().anyMatch(Finding::breaks)
                ? "something would break"
                : findings.stream().anyMatch(f -> f.severity() == Severity.UNKNOWN)
                        ? "nothing found that would break, as far as could be seen"
                        : "nothing found that would break";
        return subject + ": " + (counts.isEmpty() ? "nothing to judge" : String.join(", ", counts) + "; " + verdict)
                + ".";
    }

    private static int rank(Severity severity) {
        return switch (severity) {
            case ERROR -> 0;
            case WARNING -> 1;
            case UNKNOWN -> 2;
            case OK -> 3;
        };
    }

    private static Content.Passage passage(Finding finding) {
        List<String> lines = new ArrayList<>();
        line(lines, "found:  ", finding.evidence());
        line(lines, "so:     ", finding.consequence());
        line(lines, "why:    ", finding.cause());
        line(lines, "do:     ", finding.cure());
        return new Content.Passage(
                "%-7s  %-22s %s".formatted(finding.severity().word(), finding.check(), finding.subject()),
                lines,
                finding.check() + " " + finding.subject(),
                document(finding));
    }

    private static void line(List<String> lines, String label, String text) {
        if (!text.isEmpty()) {
            lines.add(label + text);
        }
    }

    private static Document document(Finding finding) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("severity", new Text(finding.severity().word()));
        fields.put("check", new Text(finding.check()));
        fields.put("subject", new Text(finding.subject()));
        fields.put("evidence", new Text(finding.evidence()));
        fields.put("consequence", new Text(finding.consequence()));
        fields.put("cure", new Text(finding.cure()));
        fields.put("cause", new Text(finding.cause()));
        return new Document.Mapping(fields);
    }
}
