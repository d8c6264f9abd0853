package io.etcdmedic.resource;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/// Kubernetes' functions of lists: `isSorted`, `sum`, `min`, `max`, `indexOf`, `lastIndexOf`.
///
/// The fields of an object have no type before it is read, so that what an element is shows when it is met.
/// Source: k8s.io/apiserver pkg/cel/library/lists.go.
final class CelLists {
    private static final CelType ELEMENT = TypeParamType.create("T");
    private static final CelType LIST = ListType.create(ELEMENT);

    private CelLists() {}

    static void addTo(CelLibrary library) {
        library.member("isSorted", "list_is_sorted", LIST, SimpleType.BOOL, List.class, CelLists::isSorted);
        library.member("sum", "list_sum", LIST, ELEMENT, List.class, CelLists::sum);
        library.member("min", "list_min", LIST, ELEMENT, List.class, list -> extreme("min", list, -1));
        library.member("max", "list_max", LIST, ELEMENT, List.class, list -> extreme("max", list, 1));
        library.binary(
                "indexOf", "list_index_of", LIST, ELEMENT, SimpleType.INT, List.class, Object.class, CelLists::indexOf);
        library.binary(
                "lastIndexOf",
                "list_last_index_of",
                LIST,
                ELEMENT,
                SimpleType.INT,
                List.class,
                Object.class,
                CelLists::lastIndexOf);
    }

    private static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object sum(List<?> list) {
        Object sum = list.isEmpty() ? 0L : list.getFirst();
        for (int i = 1; i < list.size(); i++) {
            sum = add(sum, list.get(i));
        }
        return list.size() == 1 ? add(sum, zero(sum)) : sum;
    }

    /// What leaves an element as it is, so that a list of one text is refused like one of two.
    private static Object zero(Object element) {
        return switch (element) {
            case Double _ -> 0.0;
            case Duration _ -> Duration.ZERO;
            default -> 0L;
        };
    }

    private static Object add(Object sum, Object next) {
        try {
            return switch (sum) {
                case Long a when next instanceof Long b -> Math.addExact(a, b);
                case Double a when next instanceof Double b -> a + b;
                case Long a when next instanceof Double b -> a + b;
                case Double a when next instanceof Long b -> a + b;
                case Duration a when next instanceof Duration b -> a.plus(b);
                default -> throw unfit("add", sum, next);
            };
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException("the sum is no 64-bit number", overflow);
        }
    }

    private static Object extreme(String name, List<?> list, int sign) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException(name + " of an empty list");
        }
        Object best = list.getFirst();
        for (Object element : list) {
            if (compare(element, best) * sign > 0) {
                best = element;
            }
        }
        return best;
    }

    private static long indexOf(List<?> list, Object wanted) {
        for (int i = 0; i < list.size(); i++) {
            if (areEqual(list.get(i), wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static long lastIndexOf(List<?> list, Object wanted) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (areEqual(list.get(i), wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean areEqual(Object a, Object b) {
        return a instanceof Number m && b instanceof Number n ? compare(m, n) == 0 : a.equals(b);
    }

    private static int compare(Object a, Object b) {
        if (a instanceof Number m && b instanceof Number n) {
            return isFinite(m) && isFinite(n)
                    ? new BigDecimal(m.toString()).compareTo(new BigDecimal(n.toString()))
                    : Double.compare(m.doubleValue(), n.doubleValue());
        }
        return switch (a) {
            case String s when b instanceof String t -> s.compareTo(t);
            case Boolean s when b instanceof Boolean t -> s.compareTo(t);
            case java.time.Instant s when b instanceof java.time.Instant t -> s.compareTo(t);
            case Duration s when b instanceof Duration t -> s.compareTo(t);
            default -> throw unfit("compare", a, b);
        };
    }

    private static boolean isFinite(Number number) {
        return Double.isFinite(number.doubleValue());
    }

    private static IllegalArgumentException unfit(String what, Object a, Object b) {
        return new IllegalArgumentException("a list whose elements this cannot " + what + ": "
                + a.getClass().getSimpleName() + " and " + b.getClass().getSimpleName());
    }
}
