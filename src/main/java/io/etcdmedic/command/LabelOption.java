package io.etcdmedic.command;

import io.etcdmedic.codec.Decoded;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.resource.LabelSelector;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which of the objects that were named otherwise: those with the labels that kubectl's selector asks for.
public final class LabelOption {
    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            description = "only objects with these labels: a=b,c!=d,'e in (f,g)',h,!i")
    private Optional<String> text = Optional.empty();

    private Optional<LabelSelector> selector = Optional.empty();
    private long unread;

    public boolean isGiven() {
        return text.isPresent();
    }

    /// The selector as it was typed, with a word before it; empty when none was.
    public String words() {
        return text.map(labels -> " with labels " + labels).orElse("");
    }

    /// The selector, read once; empty when none was typed.
    ///
    /// @throws Failure.Usage with the part of it that was not understood
    public Optional<LabelSelector> selector() {
        selector = selector.or(() -> text.map(LabelSelector::parse));
        return selector;
    }

    /// Whether the entry is one of them; without a selector every entry is. What cannot be decoded is not.
    ///
    /// @throws Failure.Usage as [#selector]
    public boolean takes(Session session, Entry entry) {
        Optional<LabelSelector> wanted = selector();
        if (wanted.isEmpty()) {
            return true;
        }
        if (session.codec().read(entry.key(), entry.value()) instanceof Decoded.Object object) {
            return wanted.get().matches(object.document());
        }
        unread++;
        return false;
    }

    /// Says how many values were passed over because they could not be decoded.
    ///
    /// @param chosen how many were taken
    /// @throws Failure.Absent when there are none
    public void judge(Session session, long chosen, String where) {
        String passedOver = unread == 0
                ? ""
                : unread + (unread == 1 ? " value" : " values")
                        + " could not be decoded, so their labels are not known";
        if (chosen == 0) {
            throw new Failure.Absent(Problem.in("looking for objects in " + where)
                    .found("none" + words())
                    .hint(passedOver));
        }
        if (unread > 0) {
            session.mention(passedOver + ", and they were passed over");
        }
    }
}
