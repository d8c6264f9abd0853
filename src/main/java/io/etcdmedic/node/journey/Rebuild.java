package io.etcdmedic.node.journey;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `node rebuild`: goes through the stages, verifies each that is not yet reached, and stops at the first that is
/// not.
public final class Rebuild {
    private Rebuild() {}

    /// One line of the checklist.
    ///
    /// @param state `done` earlier, `reached` just now, `next`, or `later`
    /// @param back how to go back from there; or that there is no way back
    public record Line(Stage stage, State state, String evidence, String todo, String back) {}

    public enum State {
        DONE("done"),
        REACHED("reached"),
        NEXT("next"),
        LATER("later");

        private final String word;

        State(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /// Stages that were reached are written down one by one and not looked at again.
    public static List<Line> advance(RebuildView view, RebuildState state) {
        Stages stages = new Stages(view);
        List<Line> lines = new ArrayList<>();
        boolean stopped = false;
        for (Stage stage : Stages.all()) {
            String back = Rollback.of(stage, view);
            Optional<RebuildState.Done> done = state.done(stage);
            if (done.isPresent()) {
                lines.add(new Line(
                        stage,
                        State.DONE,
                        done.get().at().truncatedTo(ChronoUnit.SECONDS) + ": "
                                + done.get().evidence(),
                        "",
                        back));
            } else if (stopped) {
                lines.add(new Line(stage, State.LATER, stage.goal(), "", back));
            } else {
                Verdict verdict = stages.verdict(stage);
                if (verdict.reached()) {
                    state.reached(stage, view.time(), verdict.evidence());
                } else {
                    stopped = true;
                }
                lines.add(new Line(
                        stage,
                        verdict.reached() ? State.REACHED : State.NEXT,
                        verdict.evidence(),
                        verdict.todo(),
                        back));
            }
        }
        return lines;
    }
}
