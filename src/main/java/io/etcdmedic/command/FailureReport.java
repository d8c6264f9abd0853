package io.etcdmedic.command;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Console;
import java.io.PrintStream;

/// The one place where failures become text: `medic: operation: found; expected …`, the hint on its own line.
final class FailureReport {
    private final Console console;
    private final boolean debug;
    private final String where;

    /// @param where the script's file and line; empty where there is none
    FailureReport(Console console, boolean debug, String where) {
        this.console = console;
        this.debug = debug;
        this.where = where.isEmpty() ? "" : where + ": ";
    }

    ExitCode failed(Failure failure) {
        console.out().flush();
        Problem problem = failure.problem();
        PrintStream err = console.err();
        err.println((console.talkTerminal() && console.colour() ? console.red("medic:") : "medic:") + " "
                + shown(where + problem.message()));
        if (!problem.hint().isEmpty()) {
            err.println("hint: " + shown(problem.hint()));
        }
        if (debug) {
            trace(failure);
        }
        err.flush();
        return failure.exitCode();
    }

    ExitCode bug(RuntimeException bug) {
        console.out().flush();
        PrintStream err = console.err();
        err.println("medic: " + shown(where) + "a bug of medic: " + shown(bug.toString()));
        if (debug) {
            trace(bug);
        } else {
            err.println("hint: run it again with --debug and report what it prints");
        }
        err.flush();
        return ExitCode.BUG;
    }

    ExitCode outOfMemory() {
        PrintStream err = console.err();
        err.println("medic: " + shown(where) + "out of memory, with "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        err.println("hint: ask for less at once, or give it more: MEDIC_HEAP=4g medic …;"
                + " medic journal list says whether a change was begun");
        err.flush();
        return ExitCode.BUG;
    }

    private void trace(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            text.append(at == thrown ? "" : "caused by ").append(at).append('\n');
            for (StackTraceElement frame : at.getStackTrace()) {
                text.append("    at ").append(frame).append('\n');
            }
        }
        console.err().print(Escape.multiline(text.toString()));
    }

    private static String shown(String text) {
        return Escape.talk(text);
    }
}
