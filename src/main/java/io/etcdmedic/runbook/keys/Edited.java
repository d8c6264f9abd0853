package io.etcdmedic.runbook.keys;

import io.etcdmedic.document.Difference;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.document.RedactionMark;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.kubernetes.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An object as it was and as somebody wants it.
///
/// @param before empty: there was none
public record Edited(Optional<Document> before, Document after) {
    private static final int SHOWN_MAX = 60;

    /// What must not change under the same key.
    private static final List<List<String>> IDENTITY =
            List.of(List.of("kind"), List.of("metadata", "name"), List.of("metadata", "namespace"));

    /// @param where the document comes from, for messages
    /// @throws Failure.Refused when it holds a mark of redaction, or names another object
    public Edited check(String where) {
        RedactionMark.firstIn(after).map(Edited::shown).ifPresent(path -> {
            throw new Failure.Refused(Problem.in("reading " + where)
                    .found("the mark of a hidden value at " + path)
                    .expected("the value itself: a mark is never stored")
                    .hint("show the object with --show-secrets, and edit that"));
        });
        if (before.isPresent()) {
            for (List<String> path : IDENTITY) {
                Optional<Document> was = before.get().at(new DocumentPath(path));
                Optional<Document> is = after.at(new DocumentPath(path));
                if (!was.equals(is)) {
                    throw new Failure.Refused(Problem.in("reading " + where)
                            .found(String.join(".", path) + " "
                                    + is.map(Json::compact).orElse("removed"))
                            .expected(was.map(Json::compact).orElse("none") + ", as the key says")
                            .hint("another object belongs under another key"));
                }
            }
        }
        return this;
    }

    /// @param key the object that belongs under the key
    /// @param where the document comes from, for messages
    /// @throws Failure.Refused when nothing is there yet and the document is another object
    public void belongs(ObjectName key, String where) {
        if (before.isEmpty()) {
            requireSame(where, "metadata.name", after.text("metadata", "name"), key.name());
            requireSame(where, "metadata.namespace", after.text("metadata", "namespace"), key.namespace());
            if (!key.resource().kind().isEmpty()) {
                requireSame(where, "kind", after.text("kind"), key.resource().kind());
            } else {
                String group = after.text("apiVersion").orElse("").replaceFirst("/[^/]*$", "");
                requireSame(
                        where,
                        "the group of apiVersion",
                        Optional.of(group),
                        key.resource().group());
            }
        }
    }

    private static void requireSame(String where, String field, Optional<String> is, String expected) {
        if (!is.orElse("").equals(expected)) {
            throw new Failure.Refused(Problem.in("reading " + where)
                    .found(field + " " + is.map(text -> '"' + text + '"').orElse("missing"))
                    .expected((expected.isEmpty() ? "none" : '"' + expected + '"') + ", as the key says")
                    .hint("another object belongs under another key; to store these bytes all the same:"
                            + " medic encode FILE | medic put KEY --raw"));
        }
    }

    public List<Difference> differences() {
        return before.map(was -> Difference.between(was, after)).orElse(List.of());
    }

    /// The differences in lines; values only where they may be shown.
    public List<String> lines(boolean values) {
        List<String> lines = new ArrayList<>();
        for (Difference difference : differences()) {
            String was =
                    difference.before().map(d -> values ? Edited.shown(d) : "…").orElse("nothing");
            String is = difference
                    .after()
                    .map(d -> values ? Edited.shown(d) : "another value")
                    .orElse("nothing");
            lines.add(shown(difference.path()) + ": " + was + " → " + is);
        }
        return lines;
    }

    /// The wanted object with its fields in the order in which they were stored, new ones behind.
    public Document inStoredOrder() {
        if (before.isEmpty()) {
            return after;
        }
        try {
            Document ordered = onto(before.get(), "it").after();
            return ordered.equals(after) ? ordered : after;
        } catch (Failure.Stale shifting) {
            // Elements of a list that move cannot be told one by one.
            return after;
        }
    }

    /// The same edit made to `now`, which somebody else changed meanwhile.
    ///
    /// @throws Failure.Stale when both changed the same place
    public Edited onto(Document now, String name) {
        List<Difference> theirs = Difference.between(before.orElseThrow(), now);
        Document merged = now;
        for (Difference mine : differences()) {
            for (Difference other : theirs) {
                if (mine.path().startsWith(other.path()) || other.path().startsWith(mine.path())) {
                    throw conflict(name, shown(mine.path()), null);
                }
            }
            try {
                merged = mine.after().isPresent()
                        ? merged.with(mine.path(), mine.after().get())
                        : merged.without(mine.path());
            } catch (IllegalArgumentException gone) {
                throw conflict(name, shown(mine.path()), gone);
            }
        }
        return new Edited(Optional.of(now), merged);
    }

    private static Failure conflict(String name, String path, @org.jspecify.annotations.Nullable Throwable cause) {
        Failure conflict = new Failure.Stale(Problem.in("merging with what somebody else changed in " + name)
                .found("both changed " + path)
                .hint("edit it again, from what is there now"));
        return cause == null ? conflict : conflict.because(cause);
    }

    private static String shown(DocumentPath path) {
        return "/" + String.join("/", path.steps());
    }

    private static String shown(Document value) {
        String text = Json.compact(value);
        return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
    }
}
