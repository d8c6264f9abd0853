package io.etcdmedic.node.nix;

/// Where an option is defined.
///
/// @param file below the folder that was asked for, where it lies there
/// @param line counted from 1; 0 when not known
public record Place(String file, int line) {
    @Override
    public String toString() {
        return line > 0 ? file + ":" + line : file;
    }
}
