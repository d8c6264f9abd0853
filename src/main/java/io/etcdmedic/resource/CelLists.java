package io.etcdmedic.resource;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// `isSorted`, `sum`, `min`, `max`, `indexOf` and `lastIndexOf` of lists, `find` and `findAll` of strings, as the
/// kube-apiserver's CEL has them.
///
/// Source: k8s.io/apiserver pkg/cel/library, lists.go and regex.go.
final class CelLists {
    private static final CelType LIST = ListType.create(SimpleType.DYN);
    private static final CelType STRINGS = ListType.create(SimpleType.STRING);

    private CelLists() {}

    @SuppressWarnings("rawtypes") // a list of CEL holds anything
    static void addTo(CelLibrary library) {
        library.member("isSorted", "list_is_sorted", LIST, SimpleType.BOOL, List.class, CelLists::isSorted);
        library.member("sum", "list_sum", LIST, SimpleType.DYN, List.class, CelLists::sum);
        library.member("min", "list_min", LIST, SimpleType.DYN, List.class, list -> extreme(list, -1));
        library.member("max", "list_max", LIST, SimpleType.DYN, List.class, list -> extreme(list, 1));
        library.binary(
                "indexOf", "list_index_of", LIST, SimpleType.DYN, SimpleType.INT, List.class, Object.class, (list, o) ->
                        (long) list.indexOf(o));
        library.binary(
                "lastIndexOf",
                "list_last_index_of",
                LIST,
                SimpleType.DYN,
                SimpleType.INT,
                List.class,
                Object.class,
                (list, o) -> (long) list.lastIndexOf(o));
        library.binary(
                "find",
                "string_find",
                SimpleType.STRING,
                SimpleType.STRING,
                SimpleType.STRING,
                String.class,
                String.class,
                (text, pattern) -> find(text, pattern).stream().findFirst().orElse(""));
        library.binary(
                "findAll",
                "string_find_all",
                SimpleType.STRING,
                SimpleType.STRING,
                STRINGS,
                String.class,
                String.class,
                CelLists::find);
    }

    private static List<String> find(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object extreme(List<?> list, int sign) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException((sign < 0 ? "min" : "max") + " of an empty list");
        }
        Object best = list.getFirst();
        for (Object each : list) {
            best = compare(each, best) * sign > 0 ? each : best;
        }
        return best;
    }

    /// Whole numbers add up to a whole number, and with any other to a decimal one.
    private static Object sum(List<?> list) {
        long whole = 0;
        double decimal = 0;
        boolean isWhole = true;
        for (Object each : list) {
            if (!(each instanceof Number number)) {
                throw new IllegalArgumentException("sum of what is no number: " + each);
            }
            isWhole = isWhole && number instanceof Long;
            whole = isWhole ? Math.addExact(whole, number.longValue()) : whole;
            decimal += number.doubleValue();
        }
        return isWhole ? (Object) whole : (Object) decimal;
    }

    @SuppressWarnings("unchecked") // the classes are equal
    private static int compare(Object left, Object right) {
        if (left instanceof Number one && right instanceof Number other && one.getClass() != other.getClass()) {
            return Double.compare(one.doubleValue(), other.doubleValue());
        }
        if (left instanceof Comparable<?> && left.getClass() == right.getClass()) {
            return ((Comparable<Object>) left).compareTo(right);
        }
        throw new IllegalArgumentException("no order between " + left + " and " + right);
    }
}
