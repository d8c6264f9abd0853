package io.etcdmedic.repair;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.journal.Verdict;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.HostChange.Ownership;
import io.etcdmedic.repair.plan.Plan;
import java.util.Optional;
import java.util.function.Supplier;

/// Carries out a plan's changes of this machine: looks, changes what is as the plan saw it, looks again.
final class HostSteps {
    private final World world;

    HostSteps(World world) {
        this.world = world;
    }

    Settlement send(Plan plan, HostChange change, Revision floor) {
        return switch (change) {
            case HostChange.Access access -> access(access);
            case HostChange.Content content -> content(plan, content);
            case HostChange.Command command -> command(command, floor);
        };
    }

    private Settlement access(HostChange.Access change) {
        Optional<Ownership> now = world.host().ownership(change.path());
        if (now.equals(Optional.of(change.wanted()))) {
            return Settlement.applied(0);
        }
        if (!now.equals(Optional.of(change.seen()))) {
            return Settlement.of(
                    Verdict.STALE,
                    change.path() + " is " + now.map(Ownership::toString).orElse("gone") + "; the plan saw "
                            + change.seen());
        }
        return looked(
                () -> world.host().setOwnership(change.path(), change.wanted()),
                () -> world.host().ownership(change.path()),
                Optional.of(change.seen()),
                Optional.of(change.wanted()),
                change.path());
    }

    /// Makes a change, and says by a look afterwards what became of it, also when the system stopped in the middle.
    private static <T> Settlement looked(
            Runnable change, Supplier<Optional<T>> look, Optional<T> seen, Optional<T> wanted, String path) {
        String why = path + " did not take the change";
        try {
            change.run();
        } catch (Failure.Unreachable stopped) {
            why = stopped.problem().message();
        }
        try {
            Optional<T> now = look.get();
            return now.equals(wanted)
                    ? Settlement.applied(0)
                    : Settlement.of(now.equals(seen) ? Verdict.NOT_APPLIED : Verdict.UNSETTLED, why);
        } catch (Failure.Unreachable unseen) {
            return Settlement.of(
                    Verdict.UNSETTLED, why + "; " + unseen.problem().message());
        }
    }

    private Settlement content(Plan plan, HostChange.Content change) {
        Optional<Bytes> wanted = change.value().map(plan::bytes);
        Optional<Bytes> now = world.host().content(change.path());
        if (now.equals(wanted)) {
            return Settlement.applied(0);
        }
        if (!now.map(Sha256::of).equals(change.seen())) {
            return Settlement.of(Verdict.STALE, change.path() + " is not as the plan saw it");
        }
        return looked(
                () -> wanted.ifPresentOrElse(
                        bytes -> world.host().write(change.path(), bytes, change.ownership()),
                        () -> world.host().remove(change.path())),
                () -> world.host().content(change.path()),
                now,
                wanted,
                change.path());
    }

    private Settlement command(HostChange.Command change, Revision floor) {
        Verifier verifier = new Verifier(world);
        boolean visible = !(change.done() instanceof Check.Never);
        if (visible && verifier.holds(change.done(), floor)) {
            return Settlement.applied(0);
        }
        Optional<String> trouble = run(change);
        if (trouble.isEmpty() || visible && verifier.holds(change.done(), floor)) {
            return Settlement.applied(0);
        }
        return Settlement.of(Verdict.NOT_APPLIED, String.join(" ", change.argv()) + ": " + trouble.get());
    }

    private Optional<String> run(HostChange.Command change) {
        try {
            return world.host().run(change.argv());
        } catch (Failure.Unreachable cannotStart) {
            return Optional.of(cannotStart.problem().message());
        }
    }
}
