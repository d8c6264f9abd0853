package io.etcdmedic.shell.terminal;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import java.util.Optional;
import java.util.regex.Pattern;

/// The beginning of a key or a name as far as it is typed: with `\xNN` for bytes, the last of them perhaps not
/// whole.
///
/// @param typed all of it
/// @param whole without what may still become an escape at its end
record HalfKey(String typed, String whole) {
    private static final Pattern BEGUN = Pattern.compile("(\\\\(x\\p{XDigit}?)?)?");
    private static final int BYTE = 4;

    /// Empty where a backslash means nothing.
    static Optional<HalfKey> of(String typed) {
        int end = 0;
        while (end < typed.length() && step(typed, end) > 0) {
            end += step(typed, end);
        }
        return BEGUN.matcher(typed.substring(end)).matches()
                ? Optional.of(new HalfKey(typed, typed.substring(0, end)))
                : Optional.empty();
    }

    /// How many characters at `at` are one of the key; 0: an escape that is not whole.
    private static int step(String typed, int at) {
        if (typed.charAt(at) != '\\') {
            return 1;
        }
        boolean whole = typed.length() >= at + BYTE && typed.charAt(at + 1) == 'x';
        return typed.startsWith("\\\\", at) ? 2 : whole && isHex(typed, at + 2) && isHex(typed, at + 3) ? BYTE : 0;
    }

    private static boolean isHex(String typed, int at) {
        return Character.digit(typed.charAt(at), 16) >= 0;
    }

    /// What can be typed on where keys go on with `rest` after [#whole()]; empty when something else was begun.
    Optional<String> with(Bytes rest) {
        return Optional.of(whole + Escape.printable(rest)).filter(word -> word.startsWith(typed));
    }
}
