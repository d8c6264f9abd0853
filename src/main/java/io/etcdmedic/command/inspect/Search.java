package io.etcdmedic.command.inspect;

import io.etcdmedic.codec.Decoded;
import io.etcdmedic.codec.Display;
import io.etcdmedic.command.Session;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.kubernetes.ObjectName;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.resource.Candidate;
import io.etcdmedic.resource.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// What `find` looks for, cheapest question first; and a count of what could not be asked.
final class Search {
    @Option(
            names = "--name",
            paramLabel = "PATTERN",
            description = "only objects whose name fits: * any characters, ? one, [abc] one of these")
    private Optional<String> pattern = Optional.empty();

    @Option(names = "--where", paramLabel = "CEL", description = "only objects for which this is true")
    private Optional<String> where = Optional.empty();

    @Option(
            names = "--undecodable",
            description = "only values that cannot be decoded, encrypted ones without their key too")
    private boolean undecodable;

    @Option(names = "--newer-than", paramLabel = "REVISION", description = "only keys changed after this revision")
    private Optional<Long> newer = Optional.empty();

    @Option(names = "--older-than", paramLabel = "REVISION", description = "only keys last changed before it")
    private Optional<Long> older = Optional.empty();

    private Optional<Question> question = Optional.empty();
    private final Counted missing = new Counted();
    private final Counted unfit = new Counted();
    private final Counted unread = new Counted();

    private record Question(
            RegistryKeys registry,
            Display display,
            Instant now,
            Optional<String> namespace,
            Optional<Pattern> name,
            Optional<Condition> condition) {}

    /// How often something was the case, and what it was at first.
    private static final class Counted {
        private long count;
        private String first = "";

        void count(String what, Entry entry) {
            if (count++ == 0) {
                first = entry.key().display() + ": " + what;
            }
        }
    }

    boolean unreadable() {
        return undecodable;
    }

    /// @throws io.etcdmedic.failure.Failure.Usage when the condition cannot be understood
    void prepare(Session session, Optional<String> namespace) {
        question = Optional.of(new Question(
                session.registry(),
                session.display(),
                session.clock().instant(),
                namespace,
                pattern.map(Search::glob),
                where.map(Condition::parse)));
    }

    private static Pattern glob(String glob) {
        StringBuilder regex = new StringBuilder();
        boolean inSet = false;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (inSet) {
                regex.append(c == '\\' || c == '[' || c == '&' ? "\\" + c : Character.toString(c));
                inSet = c != ']';
            } else if (c == '[' && glob.indexOf(']', i) > i + 1) {
                inSet = true;
                boolean not = glob.charAt(i + 1) == '!';
                regex.append(not ? "[^" : "[");
                i += not ? 1 : 0;
            } else {
                regex.append(
                        switch (c) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(Character.toString(c));
                        });
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    Optional<Entry> accepts(Entry entry) {
        Question asked = question.orElseThrow();
        long modified = entry.modRevision().number();
        if (newer.filter(n -> modified <= n).isPresent()
                || older.filter(o -> modified >= o).isPresent()) {
            return Optional.empty();
        }
        Optional<ObjectName> name = asked.registry().parse(entry.key().bytes());
        boolean elsewhere = asked.namespace()
                .filter(n -> !name.map(ObjectName::namespace).orElse("").equals(n))
                .isPresent();
        boolean otherName = asked.name()
                .filter(p -> !p.matcher(name.map(ObjectName::name).orElseGet(() -> last(entry)))
                        .matches())
                .isPresent();
        if (elsewhere || otherName) {
            return Optional.empty();
        }
        return decoded(asked, entry, name) ? Optional.of(entry) : Optional.empty();
    }

    private boolean decoded(Question asked, Entry entry, Optional<ObjectName> name) {
        if (!undecodable && asked.condition().isEmpty()) {
            return true;
        }
        return switch (asked.display().codec().read(entry.key(), entry.value())) {
            case Decoded.Object object ->
                !undecodable
                        && asked.condition()
                                .map(c -> holds(asked, c, new Candidate(entry, name, object.document(), asked.now())))
                                .orElse(true);
            case Decoded.Encrypted encrypted -> unread(encrypted.why().problem().found(), entry, name);
            case Decoded.Undecodable broken -> unread(broken.why().problem().found(), entry, name);
        };
    }

    /// A key that is no object of the API may hold anything: that is no news.
    private boolean unread(String why, Entry entry, Optional<ObjectName> name) {
        if (undecodable) {
            return name.isPresent();
        }
        if (name.isPresent()) {
            unread.count(why, entry);
        }
        return false;
    }

    private boolean holds(Question asked, Condition condition, Candidate candidate) {
        switch (condition.test(candidate)) {
            case Condition.Answer.Yes _ -> {
                return true;
            }
            case Condition.Answer.No _ -> {}
            case Condition.Answer.Missing what -> missing.count(said(asked, what.what(), candidate), candidate.entry());
            case Condition.Answer.Unfit why -> unfit.count(said(asked, why.why(), candidate), candidate.entry());
        }
        return false;
    }

    /// What CEL complains of may repeat the value: not that of a Secret.
    private static String said(Question asked, String words, Candidate candidate) {
        return asked.display().hides(candidate.entry().key(), candidate.object()) ? "a value that is not shown" : words;
    }

    private static String last(Entry entry) {
        String text = entry.key().text();
        return text.substring(text.lastIndexOf('/') + 1);
    }

    /// What to say when all is shown.
    List<String> passedOver() {
        List<String> talk = new ArrayList<>();
        say(talk, missing, "lacked a field that the condition asks for");
        say(talk, unfit, "held a value that the condition cannot be asked about");
        say(talk, unread, "could not be decoded");
        if (missing.count > 0) {
            talk.add("hint: has(object.a.b) asks whether a field is there");
        }
        return talk;
    }

    private static void say(List<String> talk, Counted counted, String what) {
        if (counted.count > 0) {
            String who = counted.count == 1 ? "1 object " : counted.count + " objects ";
            talk.add("medic: " + who + what + "; the first: " + counted.first);
        }
    }
}
