package io.etcdmedic.repair;

import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Waits until a check holds, with a deadline, and so that a stop is heard within a fifth of a second.
public final class Waiting {
    private static final Duration POLL_FIRST = Duration.ofMillis(20);
    private static final Duration POLL_MAX = Duration.ofMillis(200);
    private final World world;
    private final boolean dry;

    Waiting(World world, boolean dry) {
        this.world = world;
        this.dry = dry;
    }

    /// Waits for what a plan can only know minutes later; empty when it came.
    public static Optional<String> settled(World world, Wait wait, Revision floor) {
        return new Waiting(world, false).trouble(wait, floor);
    }

    /// Empty when what was waited for came; else what is there instead.
    Optional<String> trouble(Wait wait, Revision floor) {
        Verifier verifier = new Verifier(world);
        Instant deadline = world.clock().instant().plus(wait.deadline());
        Duration poll = POLL_FIRST;
        boolean announced = false;
        while (true) {
            Optional<String> trouble = verifier.trouble(wait.until(), floor);
            if (trouble.isEmpty()) {
                return Optional.empty();
            }
            if (dry) {
                world.narrator().say("Would wait up to " + wait.deadline().toSeconds() + " s: " + wait.what());
                return Optional.empty();
            }
            if (!(wait.wrong() instanceof Check.Never) && verifier.holds(wait.wrong(), floor)) {
                return Optional.of("waited until " + wait.what() + ": " + trouble.get());
            }
            if (!world.clock().instant().isBefore(deadline)) {
                return Optional.of(
                        "waited " + wait.deadline().toSeconds() + " s until " + wait.what() + ": " + trouble.get());
            }
            if (!announced) {
                world.narrator().say("Waiting until " + wait.what());
                announced = true;
            }
            world.stop().look("waiting until " + wait.what());
            world.pause().forThe(poll);
            poll = poll.compareTo(POLL_MAX) < 0 ? poll.multipliedBy(2) : POLL_MAX;
        }
    }
}
