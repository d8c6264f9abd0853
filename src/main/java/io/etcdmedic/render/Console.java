package io.etcdmedic.render;

import java.io.InputStream;
import java.io.PrintStream;

/// The streams of one run, and what is known about who reads them.
///
/// @param terminal whether `out` goes to a terminal
/// @param talkTerminal whether `err` goes to a terminal
/// @param colour whether ANSI colours are wanted: a terminal, and no `NO_COLOR`
public record Console(
        InputStream in, PrintStream out, PrintStream err, boolean terminal, boolean talkTerminal, boolean colour) {

    /// `text` in bold where colours are wanted.
    public String bold(String text) {
        return colour ? "\u001b[1m" + text + "\u001b[0m" : text;
    }

    /// `text` in red where colours are wanted.
    public String red(String text) {
        return colour ? "\u001b[31m" + text + "\u001b[0m" : text;
    }
}
