package io.etcdmedic.repair;

import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Expect;
import java.util.stream.Collectors;

/// A plan's parts in words, for people.
public final class Words {
    private Words() {}

    public static String of(Check check) {
        return switch (check) {
            case Check.Always _ -> "always";
            case Check.Never _ -> "never";
            case Check.Absent absent -> absent.key().display() + " is absent";
            case Check.Present present -> present.key().display() + " is there";
            case Check.Holds holds ->
                holds.key().display() + " holds the value "
                        + holds.value().hex().substring(0, 12);
            case Check.Field field -> field.key().display() + " has " + field.pointer() + " = " + field.json();
            case Check.Condition condition ->
                condition.key().display() + " has condition " + condition.type() + "=" + condition.status();
            case Check.ApiReady _ -> "the Kubernetes API is ready";
            case Check.FileHolds file ->
                file.path() + " has the content " + file.content().hex().substring(0, 12);
            case Check.FileAbsent file -> file.path() + " is absent";
            case Check.Succeeds command -> String.join(" ", command.argv()) + " succeeds";
            case Check.Named named ->
                named.name() + (named.arguments().isEmpty() ? "" : " " + new java.util.TreeMap<>(named.arguments()));
            case Check.All all -> all.checks().stream().map(Words::of).collect(Collectors.joining(" and "));
            case Check.Any any -> any.checks().stream().map(Words::of).collect(Collectors.joining(" or ", "(", ")"));
            case Check.Not not -> "not (" + of(not.check()) + ")";
        };
    }

    public static String of(Expect expect) {
        return switch (expect) {
            case Expect.Absent _ -> "absent";
            case Expect.Exactly seen ->
                "modified at revision " + seen.modRevision() + ", version " + seen.version() + ", "
                        + seen.valueLength() + " bytes"
                        + (seen.lease().isNone()
                                ? ""
                                : ", lease " + seen.lease().hex());
            case Expect.Meeting meeting -> "as it is then, if " + of(meeting.check());
        };
    }
}
