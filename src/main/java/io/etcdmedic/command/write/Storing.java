package io.etcdmedic.command.write;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Redaction;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.Change;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.command.change.Grounds;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.document.RedactionMark;
import io.etcdmedic.document.YamlReader;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.runbook.keys.Edited;
import io.etcdmedic.runbook.keys.Putting;
import java.security.SecureRandom;
import java.util.Optional;

/// From a document to the bytes that are stored for it, and on to the change.
record Storing(Session session, String command, Key key, ChangeOptions options) {

    /// Whether an object at the key is one whose values are not shown.
    boolean hides(Document document) {
        return session.display().redaction().isPresent()
                && (Redaction.isGuarded(key) || session.display().hides(key, document));
    }

    private boolean hides(Edited edited) {
        return hides(edited.after()) || edited.before().filter(this::hides).isPresent();
    }

    /// YAML or JSON.
    static Document read(Bytes text, String where) {
        try {
            return text.startsWith(Bytes.utf8("{")) ? Json.read(text) : YamlReader.read(text, where);
        } catch (Failure.Corrupt wrong) {
            throw new Failure.Usage(Problem.in("reading " + where)
                            .found(wrong.problem().message())
                            .expected("one object in YAML or JSON"))
                    .because(wrong);
        }
    }

    /// Stores `edited` the way the key, or else its neighbour, is stored.
    Report document(Edited edited, Optional<Entry> seen) {
        Bytes like = seen.map(Entry::value).orElse(Bytes.EMPTY);
        Bytes value = session.codec().encode(key, edited.inStoredOrder(), like);
        Grounds grounds = new Grounds(session);
        Binding now = grounds.binding();
        PlanDraft draft = new Putting(session.registry(), grounds.decoder()).of(command, key, seen, value, now);
        edited.lines(!hides(edited)).forEach(draft::note);
        return change(grounds, draft);
    }

    Report raw(Bytes value, Optional<Entry> seen) {
        if (RedactionMark.isIn(value)) {
            throw new Failure.Refused(Problem.in("storing " + key.display())
                    .found("the mark of a hidden value")
                    .expected("the value itself: a mark is never stored")
                    .hint("show the object with --show-secrets, and edit that"));
        }
        Grounds grounds = new Grounds(session);
        Binding now = grounds.binding();
        return change(grounds, new Putting(session.registry(), grounds.decoder()).of(command, key, seen, value, now));
    }

    private Report change(Grounds grounds, PlanDraft draft) {
        return new Change(session, options, grounds.site())
                .of(draft.build(
                        PlanId.random(new SecureRandom()), session.clock().instant()));
    }
}
