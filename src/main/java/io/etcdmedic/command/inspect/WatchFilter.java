package io.etcdmedic.command.inspect;

import io.etcdmedic.codec.Decoded;
import io.etcdmedic.command.Session;
import io.etcdmedic.etcd.WatchEvent;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Entry;
import java.util.Optional;

/// Which changes a watch with selectors shows: those of objects that fit, or did before the change, as the apiserver
/// does.
record WatchFilter(Session session, Optional<Selectors.Rule> rule) {
    static WatchFilter of(Session session, Selectors selectors) {
        return new WatchFilter(session, selectors.any() ? Optional.of(selectors.rule()) : Optional.empty());
    }

    boolean accepts(WatchEvent.Changed changed) {
        return after(changed) || changed.before().filter(this::fits).isPresent();
    }

    /// What the change is to somebody who sees only what fits: `ADDED`, `MODIFIED` or `DELETED`.
    String type(WatchEvent.Changed changed) {
        if (!after(changed)) {
            return "DELETED";
        }
        boolean known = changed.change() instanceof Change.Put(Entry entry) && entry.version() > 1;
        return known && changed.before().map(this::fits).orElse(true) ? "MODIFIED" : "ADDED";
    }

    private boolean after(WatchEvent.Changed changed) {
        return changed.change() instanceof Change.Put(Entry entry) && fits(entry);
    }

    private boolean fits(Entry entry) {
        return rule.isEmpty()
                || session.codec().read(entry.key(), entry.value()) instanceof Decoded.Object object
                        && rule.get().accepts(object.document());
    }
}
