package io.etcdmedic.node.nix;

import io.etcdmedic.host.FileMeta;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/// A line of systemd-tmpfiles that sets owner and mode: of a path, of a pattern, of all below a folder.
///
/// Source: tmpfiles.d(5).
///
/// @param type `d` and `z`, `Z` for all below; others say nothing of what is there already
/// @param mode in octal, perhaps with `~` or `:` before it; `-`: left as it is
/// @param user a name or a number; `-`: root for what is made, left as it is for `z` and `Z`
record TmpfilesRule(char type, String path, String mode, String user, String group) {

    /// Empty for a line that sets no owner and mode, or cannot be read.
    static Optional<TmpfilesRule> parse(String line) {
        String[] field = line.strip().split("\\s+", 7);
        if (field.length < 2 || field[0].isEmpty() || "dDzZfFe".indexOf(field[0].charAt(0)) < 0) {
            return Optional.empty();
        }
        String path = field[1].length() > 1 ? field[1].replaceFirst("/+$", "") : field[1];
        return path.startsWith("/")
                ? Optional.of(
                        new TmpfilesRule(field[0].charAt(0), path, field(field, 2), field(field, 3), field(field, 4)))
                : Optional.empty();
    }

    private static String field(String[] fields, int index) {
        return fields.length > index ? fields[index] : "-";
    }

    /// Whether it makes the folder or the file where there is none.
    boolean makes() {
        return "dDfF".indexOf(type) >= 0;
    }

    boolean isFolder() {
        return type == 'd' || type == 'D';
    }

    boolean matches(String other) {
        if (path.equals(other) || type == 'Z' && other.startsWith(path + "/")) {
            return true;
        }
        boolean pattern =
                (type == 'z' || type == 'Z' || type == 'e') && path.chars().anyMatch(c -> "*?[".indexOf(c) >= 0);
        return pattern && isLike(other);
    }

    private boolean isLike(String other) {
        try {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + path);
            for (Path at = Path.of(other); at.getNameCount() > 0; at = at.resolveSibling("")) {
                if (matcher.matches(at)) {
                    return true;
                }
                if (type != 'Z' || at.getNameCount() == 1) {
                    return false;
                }
            }
            return false;
        } catch (PatternSyntaxException notOurs) {
            return false;
        }
    }

    /// The mode that `seen` gets. A file does not become executable by the rule of its folder.
    int mode(FileMeta seen) {
        String digits = mode.replaceFirst("^[~:]+", "");
        if (!digits.matches("[0-7]{3,4}")
                || mode.startsWith(":") && !seen.path().isEmpty()) {
            return seen.mode();
        }
        int wanted = Integer.parseInt(digits, 8);
        boolean masks = (mode.startsWith("~") || type == 'Z') && seen.isFile() && (seen.mode() & 0111) == 0;
        return masks ? wanted & ~0111 : wanted;
    }
}
