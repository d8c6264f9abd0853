package io.etcdmedic.repair;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Restart;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.plan.Check;
import java.util.List;
import java.util.Optional;

/// Answers the checks of a plan. All keys of one check are read at one revision.
final class Verifier {
    private final World world;

    Verifier(World world) {
        this.world = world;
    }

    /// Empty when `check` holds; else why not, in words. What cannot be found out does not hold.
    Optional<String> trouble(Check check, Revision floor) {
        try {
            return answered(check, floor);
        } catch (Failure.Interrupted stopped) {
            throw stopped;
        } catch (Failure.Unreachable silent) {
            return Optional.of(silent.problem().message());
        }
    }

    /// As [#trouble], where a "no" for want of an answer would leave something out for good.
    ///
    /// @throws Failure.Unreachable when nobody answers
    Optional<String> answered(Check check, Revision floor) {
        try {
            return Restart.onCompaction(() -> {
                Reading reading = new Reading(world.keyspace(), floor);
                return trouble(check, needsKeys(check) ? Reading.atLeast(world.keyspace(), floor) : reading);
            });
        } catch (Failure.Interrupted | Failure.Unreachable passed) {
            throw passed;
        } catch (Failure unanswered) {
            return Optional.of(unanswered.problem().message());
        }
    }

    boolean holds(Check check, Revision floor) {
        return trouble(check, floor).isEmpty();
    }

    private static boolean needsKeys(Check check) {
        return switch (check) {
            case Check.Always _, Check.Never _, Check.ApiReady _, Check.FileHolds _, Check.FileAbsent _ -> false;
            case Check.Succeeds _ -> false;
            case Check.Absent _, Check.Present _, Check.Holds _, Check.Field _, Check.Condition _ -> true;
            case Check.Named _ -> true;
            case Check.All all -> all.checks().stream().anyMatch(Verifier::needsKeys);
            case Check.Any any -> any.checks().stream().anyMatch(Verifier::needsKeys);
            case Check.Not not -> needsKeys(not.check());
        };
    }

    private Optional<String> trouble(Check check, Reading reading) {
        return switch (check) {
            case Check.Always _ -> Optional.empty();
            case Check.Never _ -> Optional.of("never");
            case Check.Absent(Key key) -> unless(reading.get(key).isEmpty(), key.display() + " is there");
            case Check.Present(Key key) -> unless(reading.get(key).isPresent(), key.display() + " is not there");
            case Check.Holds holds -> holds(holds, reading);
            case Check.Field field -> field(field, reading);
            case Check.Condition condition -> condition(condition, reading);
            case Check.ApiReady _ ->
                unless(
                        world.api().map(api -> api.ready()).orElse(false),
                        world.api()
                                .map(api -> "the Kubernetes API at " + api.address() + " is not ready")
                                .orElse("no Kubernetes API was named"));
            case Check.FileHolds(String path, Sha256 content) -> fileHolds(path, content);
            case Check.FileAbsent(String path) ->
                unless(world.host().content(path).isEmpty(), path + " is there");
            case Check.Succeeds(List<String> argv) -> world.host().run(argv).map(why -> argv + ": " + why);
            case Check.Named named -> named(named, reading);
            case Check.All(List<Check> checks) ->
                checks.stream().flatMap(c -> trouble(c, reading).stream()).findFirst();
            case Check.Any(List<Check> checks) -> any(checks, reading);
            case Check.Not(Check inner) ->
                untold(inner, reading)
                        .or(() -> unless(
                                trouble(inner, reading).isPresent(), "this holds and should not: " + Words.of(inner)));
        };
    }

    /// Why nobody can say whether a field is so: then nobody can say that it is not.
    private Optional<String> untold(Check check, Reading reading) {
        Optional<Documents.Answer> answer = Optional.empty();
        if (check instanceof Check.Field field) {
            answer = reading.get(field.key()).map(entry -> world.documents().field(entry, field.pointer()));
        } else if (check instanceof Check.Condition condition) {
            answer = reading.get(condition.key()).map(entry -> world.documents().condition(entry, condition.type()));
        }
        return answer.map(Documents.Answer::trouble).filter(trouble -> !trouble.isEmpty());
    }

    private Optional<String> any(List<Check> checks, Reading reading) {
        List<Optional<String>> answers =
                checks.stream().map(c -> trouble(c, reading)).toList();
        return answers.stream().anyMatch(Optional::isEmpty)
                ? Optional.empty()
                : Optional.of(String.join(
                        "; ", answers.stream().flatMap(Optional::stream).toList()));
    }

    private static Optional<String> unless(boolean holds, String trouble) {
        return holds ? Optional.empty() : Optional.of(trouble);
    }

    private static Optional<String> holds(Check.Holds check, Reading reading) {
        Optional<Entry> entry = reading.get(check.key());
        if (entry.isEmpty()) {
            return Optional.of(check.key().display() + " is not there");
        }
        return unless(
                Sha256.of(entry.get().value()).equals(check.value()),
                check.key().display() + " holds another value (modified at revision "
                        + entry.get().modRevision() + ")");
    }

    private Optional<String> field(Check.Field check, Reading reading) {
        Optional<Entry> entry = reading.get(check.key());
        if (entry.isEmpty()) {
            return Optional.of(check.key().display() + " is not there");
        }
        Documents.Answer answer = world.documents().field(entry.get(), check.pointer());
        if (!answer.trouble().isEmpty()) {
            return Optional.of(check.key().display() + ": " + answer.trouble());
        }
        return unless(
                answer.json().equals(check.json()),
                check.key().display() + " has " + check.pointer() + " " + answer.json() + ", not " + check.json());
    }

    private Optional<String> condition(Check.Condition check, Reading reading) {
        Optional<Entry> entry = reading.get(check.key());
        if (entry.isEmpty()) {
            return Optional.of(check.key().display() + " is not there");
        }
        Documents.Answer answer = world.documents().condition(entry.get(), check.type());
        if (!answer.trouble().isEmpty()) {
            return Optional.of(check.key().display() + ": " + answer.trouble());
        }
        return unless(
                answer.json().equals("\"" + check.status() + "\""),
                check.key().display() + " has condition " + check.type() + " " + answer.json() + ", not "
                        + check.status());
    }

    private Optional<String> fileHolds(String path, Sha256 content) {
        Optional<Bytes> found = world.host().content(path);
        return found.isEmpty()
                ? Optional.of(path + " is not there")
                : unless(Sha256.of(found.get()).equals(content), path + " has another content");
    }

    private Optional<String> named(Check.Named check, Reading reading) {
        NamedCheck code = world.named().get(check.name());
        if (code == null) {
            return Optional.of("the check " + check.name() + " is not known to this version");
        }
        return code.trouble(reading.keyspace(), reading.revision(), check.arguments());
    }
}
