package io.etcdmedic.node.nix.literal;

/// A text that is not Nix, or is beyond what this parser goes into.
public final class SyntaxFault extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int line;

    private final boolean beyond;

    SyntaxFault(String found, int line) {
        this(found, line, false);
    }

    private SyntaxFault(String found, int line, boolean beyond) {
        super(found);
        this.line = line;
        this.beyond = beyond;
    }

    static SyntaxFault beyond(String found, int line) {
        return new SyntaxFault(found, line, true);
    }

    /// Whether nix may well read it, and only this parser does not.
    public boolean isBeyond() {
        return beyond;
    }

    /// Counted from 1.
    public int line() {
        return line;
    }

    public String found() {
        return String.valueOf(getMessage());
    }
}
