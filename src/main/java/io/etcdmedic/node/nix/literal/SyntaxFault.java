package io.etcdmedic.node.nix.literal;

/// A text that is not Nix.
public final class SyntaxFault extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int line;

    SyntaxFault(String found, int line) {
        super(found);
        this.line = line;
    }

    /// Counted from 1.
    public int line() {
        return line;
    }

    public String found() {
        return String.valueOf(getMessage());
    }
}
