package io.etcdmedic.shell;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.command.Surroundings;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// One run of a script in an interpreter: line by line, until one fails.
///
/// @param keepGoing whether to go on after a line that fails
/// @param witness who hears of every line and of its answer
record ScriptRun(Interpreter interpreter, Optional<? extends Witness> witness, boolean keepGoing) {

    /// Hears of every line and of its answer.
    interface Witness {
        /// The surroundings in which `line` is to run.
        ///
        /// @param secrets whether the line may show what is redacted otherwise
        Surroundings listen(Surroundings around, String line, boolean secrets);

        /// The line that was heard of last has ended.
        void ended(ExitCode code);
    }

    /// Runs `lines`, after a look at all of them: where one is wrong, none runs.
    ///
    /// @throws Failure.Usage naming file and line of the first that cannot run
    ExitCode file(List<Script.Line> lines) {
        for (Script.Line line : lines) {
            try {
                interpreter.check(line.text());
            } catch (Failure.Usage wrong) {
                Problem problem = wrong.problem();
                throw new Failure.Usage(Problem.in(line.where() + ": " + problem.operation())
                                .found(problem.found())
                                .expected(problem.expected())
                                .hint((problem.hint().isEmpty() ? "" : problem.hint() + "; ")
                                        + "no line of the script was run"))
                        .because(wrong);
            }
        }
        var left = lines.iterator();
        return run(() -> left.hasNext() ? Optional.of(left.next()) : Optional.empty());
    }

    /// Runs each line as it comes.
    ///
    /// @return the exit code of the worst line
    ExitCode run(Supplier<Optional<Script.Line>> lines) {
        ExitCode worst = ExitCode.OK;
        for (Optional<Script.Line> line = lines.get(); line.isPresent(); line = lines.get()) {
            Interpreter.Ended ended = one(line.get());
            worst = ended.code().status() > worst.status() ? ended.code() : worst;
            if (interpreter.hasEnded()
                    || interpreter.surroundings().stop().requested().isPresent()) {
                break;
            }
            if (ended.failed() && !keepGoing) {
                sayStopped(line.get(), lines);
                break;
            }
        }
        return worst;
    }

    private Interpreter.Ended one(Script.Line line) {
        if (witness.isEmpty()) {
            return interpreter.run(line.text(), line.where());
        }
        boolean secrets =
                interpreter.opened().options().showSecrets() || line.text().contains("--show-secrets");
        Surroundings around = witness.get().listen(interpreter.surroundings(), line.text(), secrets);
        Interpreter.Ended ended = interpreter.run(line.text(), line.where(), around);
        around.console().out().flush();
        around.console().err().flush();
        witness.get().ended(ended.code());
        return ended;
    }

    private void sayStopped(Script.Line line, Supplier<Optional<Script.Line>> lines) {
        if (lines.get().isPresent()) {
            interpreter
                    .surroundings()
                    .console()
                    .err()
                    .println("medic: " + Escape.multiline(line.where())
                            + " failed: the lines after it were not run (--keep-going runs them)");
        }
    }
}
