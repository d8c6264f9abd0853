package io.etcdmedic.render;

import java.io.InputStream;
import java.io.PrintStream;

/// The streams of one run, and what is known about who reads them.
///
/// @param terminal whether `out` goes to a terminal
/// @param talkTerminal whether `err` goes to a terminal
/// @param colour whether ANSI colours are wanted: a terminal, and no `NO_COLOR`
/// @param columns the width of that terminal, to which tables are fitted; 0 where it is not known
public record Console(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        boolean talkTerminal,
        boolean colour,
        int columns) {

    /// A console of unknown width.
    public Console(
            InputStream in, PrintStream out, PrintStream err, boolean terminal, boolean talkTerminal, boolean colour) {
        this(in, out, err, terminal, talkTerminal, colour, 0);
    }

    /// Hands on what is buffered.
    ///
    /// @throws io.etcdmedic.failure.Failure.Unreachable when not all of the answer reached its file
    public void requireWritten() {
        out.flush();
        if (out instanceof Outlet outlet) {
            outlet.requireWritten();
        }
    }

    /// The same terminal through another stream, with its width.
    public Console to(PrintStream other, int width) {
        return new Console(in, other, err, terminal, talkTerminal, colour, width);
    }

    /// The same console with another standard input.
    public Console reading(InputStream other) {
        return new Console(other, out, err, terminal, talkTerminal, colour, columns);
    }

    /// `text` in bold where colours are wanted.
    public String bold(String text) {
        return colour ? "\u001b[1m" + text + "\u001b[0m" : text;
    }

    /// `text` in red where colours are wanted.
    public String red(String text) {
        return colour ? "\u001b[31m" + text + "\u001b[0m" : text;
    }
}
