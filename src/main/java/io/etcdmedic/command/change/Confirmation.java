package io.etcdmedic.command.change;

import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.repair.plan.Impact;
import io.etcdmedic.repair.plan.Inverse;
import io.etcdmedic.repair.plan.Plan;
import java.util.Optional;

/// What the operator must type before a plan runs. There is no other yes: anything else, and nobody there, is a no.
///
/// @param words the plan's short id; for a change of the whole cluster, of more than one object in it, or one that
/// cannot be taken back: the cluster's name and the number of objects
public record Confirmation(String words, String about) {

    public static Confirmation of(Plan plan, String clusterName) {
        int objects = plan.objects().size();
        boolean wide = plan.impact() == Impact.CLUSTER
                || plan.impact() == Impact.KEYS && objects > 1
                || plan.steps().stream().anyMatch(step -> step.frame().inverse() instanceof Inverse.Impossible);
        String name = clusterName.isEmpty() ? "this-machine" : clusterName;
        return wide
                ? new Confirmation(name + " " + objects, "the cluster's name and the number of objects")
                : new Confirmation(plan.id().shortForm(), "the plan's short id");
    }

    /// @throws Failure.Refused when anything else is typed, or nobody can be asked
    void demand(Session session, Plan plan) {
        String question = "Type " + about + " (" + words + ") to go on; anything else stops: ";
        Optional<String> typed = session.prompt().ask(question);
        if (typed.isEmpty() && session.prompt().isThere()) {
            throw new Failure.Refused(Problem.in("confirming plan " + plan.id().shortForm())
                    .found("no answer")
                    .expected("'" + words + "'")
                    .hint("nothing was done"));
        }
        if (typed.isEmpty()) {
            throw new Failure.Refused(Problem.in("confirming plan " + plan.id().shortForm())
                    .found("nobody at a terminal to confirm it")
                    .hint("in a script: the same command with --plan FILE, then medic plan apply FILE --approve HEX;"
                            + " --dry-run shows what would be done"));
        }
        if (!typed.get().equals(words)) {
            throw new Failure.Refused(Problem.in("confirming plan " + plan.id().shortForm())
                    .found("'" + typed.get() + "'")
                    .expected("'" + words + "'")
                    .hint("nothing was done"));
        }
    }
}
