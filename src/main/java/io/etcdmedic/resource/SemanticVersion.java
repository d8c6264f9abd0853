package io.etcdmedic.resource;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version as in `1.2.3-rc.1`. What follows a plus sign says nothing of the order, and is not kept.
///
/// @param preRelease the identifiers after the hyphen; none in a release
/// Source: https://semver.org
record SemanticVersion(long major, long minor, long patch, List<String> preRelease)
        implements Comparable<SemanticVersion> {
    private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
    private static final String IDENTIFIER = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
    private static final Pattern FORM = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-(" + IDENTIFIER
            + "(?:\\." + IDENTIFIER + ")*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?");
    private static final Pattern SHORT = Pattern.compile("[0-9]+(?:\\.[0-9]+)?");

    static Optional<SemanticVersion> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        Optional<String> preRelease = Optional.ofNullable(form.group(4));
        return Optional.of(new SemanticVersion(
                Long.parseLong(form.group(1)),
                Long.parseLong(form.group(2)),
                Long.parseLong(form.group(3)),
                preRelease.map(p -> List.of(p.split("\\.", -1))).orElseGet(List::of)));
    }

    /// Reads also `v1.30`, `1` and `01.02.03`, as people and images write them.
    static Optional<SemanticVersion> parseLoosely(String text) {
        String version = text.startsWith("v") ? text.substring(1) : text;
        String whole =
                !SHORT.matcher(version).matches() ? version : version.contains(".") ? version + ".0" : version + ".0.0";
        return parse(whole.replaceAll("^0+(?=[0-9])", "")
                .replaceFirst("^([0-9]+\\.)0+(?=[0-9])", "$1")
                .replaceFirst("^([0-9]+\\.[0-9]+\\.)0+(?=[0-9])", "$1"));
    }

    @Override
    public int compareTo(SemanticVersion other) {
        int numbers = Long.compare(major, other.major);
        numbers = numbers != 0 ? numbers : Long.compare(minor, other.minor);
        numbers = numbers != 0 ? numbers : Long.compare(patch, other.patch);
        if (numbers != 0 || preRelease.isEmpty() || other.preRelease.isEmpty()) {
            // A release comes after what was released before it.
            return numbers != 0 ? numbers : Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
        }
        int both = Math.min(preRelease.size(), other.preRelease.size());
        for (int i = 0; i < both; i++) {
            int identifiers = compare(preRelease.get(i), other.preRelease.get(i));
            if (identifiers != 0) {
                return identifiers;
            }
        }
        return Integer.compare(preRelease.size(), other.preRelease.size());
    }

    /// Numbers by value and before words, words by their letters.
    private static int compare(String a, String b) {
        boolean isNumber = isNumber(a);
        if (isNumber != isNumber(b)) {
            return isNumber ? -1 : 1;
        }
        return Integer.signum(isNumber ? new BigInteger(a).compareTo(new BigInteger(b)) : a.compareTo(b));
    }

    private static boolean isNumber(String identifier) {
        return identifier.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
