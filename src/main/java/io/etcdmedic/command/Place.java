package io.etcdmedic.command;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;

/// A folder of the keyspace, where names without a leading slash start from.
///
/// etcd has no folders: one is what keys share before a slash. The root's path is empty, every other one is without
/// a slash at its end.
public record Place(Bytes path) {
    public static final Place ROOT = new Place(Bytes.EMPTY);

    public Place {
        int end = path.length();
        while (end > 0 && path.at(end - 1) == '/') {
            end--;
        }
        path = path.slice(0, end);
    }

    public static Place of(String path) {
        return new Place(Bytes.utf8(path));
    }

    /// The folder around this one; the root's is the root.
    public Place parent() {
        for (int i = path.length() - 1; i >= 0; i--) {
            if (path.at(i) == '/') {
                return new Place(path.slice(0, i));
            }
        }
        return ROOT;
    }

    /// The bytes that `word` means from here: itself when it begins with a slash or an escaped byte, else below
    /// here. Leading `.` and `..` steps are walked; a word of nothing else ends with a slash, as a prefix does.
    ///
    /// @param word as typed, with `\xNN` for bytes
    /// @throws Failure.Usage when a backslash in it means nothing
    public Bytes resolve(String word) {
        if (word.startsWith("/") || word.startsWith("\\")) {
            return bytes(word);
        }
        Place from = this;
        String rest = word;
        while (rest.equals(".") || rest.equals("..") || rest.startsWith("./") || rest.startsWith("../")) {
            boolean up = rest.startsWith("..");
            from = up ? from.parent() : from;
            rest = rest.substring(Math.min(rest.length(), up ? 3 : 2));
        }
        return from.inside().concat(bytes(rest));
    }

    /// What every key below begins with: the path and a slash; nothing for the root.
    public Bytes inside() {
        return path.isEmpty() ? path : path.concat(Bytes.utf8("/"));
    }

    /// The bytes that `word` says, with `\xNN` for one of them and `\\` for a backslash.
    ///
    /// @throws Failure.Usage when a backslash in it means nothing
    static Bytes bytes(String word) {
        try {
            return Escape.parse(word);
        } catch (IllegalArgumentException wrong) {
            throw new Failure.Usage(Problem.in("reading the key '" + word + "'")
                            .found(String.valueOf(wrong.getMessage()))
                            .hint("write a backslash as \\\\"))
                    .because(wrong);
        }
    }

    @Override
    public String toString() {
        return path.isEmpty() ? "/" : Escape.printable(path);
    }
}
