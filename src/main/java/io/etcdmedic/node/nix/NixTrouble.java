package io.etcdmedic.node.nix;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What nix said about a failed evaluation.
///
/// @param message its error line
/// @param place the innermost line of the operator's files that it names
/// @param option the option that was being evaluated, as the walk over the options asked for it
/// @param inner the option in whose definition it happened
record NixTrouble(String message, Optional<Place> place, Optional<String> option, Optional<String> inner) {
    private static final Pattern AT = Pattern.compile("\\bat (/\\S+?):(\\d+):(\\d+)");
    private static final Pattern MARK = Pattern.compile("… medic-option:([^\\n]+?):\\s*$", Pattern.MULTILINE);
    private static final Pattern ERROR = Pattern.compile("^error:\\s*(.+)$", Pattern.MULTILINE);

    static NixTrouble of(String said, NixInstantiate nix, NixFiles files) {
        return new NixTrouble(
                message(said),
                place(said, nix, files),
                walked(marks(said)),
                marks(said).stream().findFirst());
    }

    /// Whether it failed for want of time, memory or a file that is not read here, which says nothing of the
    /// configuration.
    boolean isOurs() {
        return message.startsWith("no answer within")
                || message.equals("out of memory")
                || message.equals("its answer is too large")
                || message.startsWith("nix ended with status")
                || message.endsWith("is forbidden in restricted mode")
                || message.endsWith("was not found in the Nix search path (add it using $NIX_PATH or -I)")
                || message.startsWith("nix-instantiate ");
    }

    private static String message(String said) {
        // Newer versions of nix give the trace first and the error last.
        String last = "";
        Matcher matcher = ERROR.matcher(said);
        while (matcher.find()) {
            if (!matcher.group(1).isBlank()) {
                last = matcher.group(1).strip();
            }
        }
        return last.isEmpty() ? said.strip().lines().findFirst().orElse("nix failed") : last;
    }

    private static Optional<Place> place(String said, NixInstantiate nix, NixFiles files) {
        List<Place> places = new ArrayList<>();
        Matcher matcher = AT.matcher(said);
        while (matcher.find()) {
            if (!nix.isOwn(matcher.group(1))) {
                places.add(new Place(files.shown(matcher.group(1)), Integer.parseInt(matcher.group(2))));
            }
        }
        boolean innermostFirst = said.stripLeading().startsWith("error: ") && !said.contains("error:\n");
        return places.isEmpty() ? Optional.empty() : Optional.of(innermostFirst ? places.getFirst() : places.getLast());
    }

    /// The options in the trace, innermost first.
    private static List<String> marks(String said) {
        List<String> marks = new ArrayList<>();
        Matcher matcher = MARK.matcher(said);
        while (matcher.find()) {
            marks.add(matcher.group(1).strip());
        }
        boolean outermostFirst = marks.size() > 1 && marks.getLast().startsWith(marks.getFirst() + ".");
        return outermostFirst ? marks.reversed() : marks;
    }

    /// The walk enters `services.kubernetes`, then `….apiserver`, then the option: the deepest of that chain.
    private static Optional<String> walked(List<String> marks) {
        Optional<String> deepest = Optional.empty();
        for (String mark : marks.reversed()) {
            if (deepest.isPresent() && !mark.startsWith(deepest.get() + ".")) {
                break;
            }
            deepest = Optional.of(mark);
        }
        return deepest;
    }
}
