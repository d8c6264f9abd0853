package io.etcdmedic.resource;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.math.BigDecimal;

/// `quantity` as the kube-apiserver's CEL has it.
///
/// Source: k8s.io/apiserver pkg/cel/library/quantity.go.
final class CelQuantities {
    private static final CelType QUANTITY = OpaqueType.create("kubernetes.Quantity");

    private CelQuantities() {}

    static void addTo(CelLibrary library) {
        read(library);
        compared(library);
        added(library);
    }

    private static void read(CelLibrary library) {
        library.global(
                "quantity", "string_to_quantity", SimpleType.STRING, QUANTITY, String.class, CelQuantities::quantity);
        library.global(
                "isQuantity",
                "is_quantity_string",
                SimpleType.STRING,
                SimpleType.BOOL,
                String.class,
                s -> Quantity.parse(s).isPresent());
        library.member("sign", "quantity_sign", QUANTITY, SimpleType.INT, Quantity.class, q ->
                (long) q.value().signum());
        library.member("isInteger", "quantity_is_integer", QUANTITY, SimpleType.BOOL, Quantity.class, q -> isWhole(q));
        library.member("asInteger", "quantity_get_int", QUANTITY, SimpleType.INT, Quantity.class, q -> {
            if (!isWhole(q)) {
                throw new IllegalArgumentException("cannot convert value to integer");
            }
            return q.value().longValueExact();
        });
        library.member(
                "asApproximateFloat",
                "quantity_get_float",
                QUANTITY,
                SimpleType.DOUBLE,
                Quantity.class,
                q -> q.value().doubleValue());
    }

    private static void compared(CelLibrary library) {
        library.binary(
                "compareTo",
                "quantity_cmp",
                QUANTITY,
                QUANTITY,
                SimpleType.INT,
                Quantity.class,
                Quantity.class,
                (a, b) -> (long) a.compareTo(b));
        library.binary(
                "isLessThan",
                "quantity_is_less_than",
                QUANTITY,
                QUANTITY,
                SimpleType.BOOL,
                Quantity.class,
                Quantity.class,
                (a, b) -> a.compareTo(b) < 0);
        library.binary(
                "isGreaterThan",
                "quantity_is_greater_than",
                QUANTITY,
                QUANTITY,
                SimpleType.BOOL,
                Quantity.class,
                Quantity.class,
                (a, b) -> a.compareTo(b) > 0);
    }

    private static void added(CelLibrary library) {
        library.binary(
                "add",
                "quantity_add",
                QUANTITY,
                QUANTITY,
                QUANTITY,
                Quantity.class,
                Quantity.class,
                (a, b) -> sum(a.value().add(b.value())));
        library.binary(
                "add",
                "quantity_add_int",
                QUANTITY,
                SimpleType.INT,
                QUANTITY,
                Quantity.class,
                Long.class,
                (a, b) -> sum(a.value().add(BigDecimal.valueOf(b))));
        library.binary(
                "sub",
                "quantity_sub",
                QUANTITY,
                QUANTITY,
                QUANTITY,
                Quantity.class,
                Quantity.class,
                (a, b) -> sum(a.value().subtract(b.value())));
        library.binary(
                "sub",
                "quantity_sub_int",
                QUANTITY,
                SimpleType.INT,
                QUANTITY,
                Quantity.class,
                Long.class,
                (a, b) -> sum(a.value().subtract(BigDecimal.valueOf(b))));
    }

    private static Quantity sum(BigDecimal value) {
        return new Quantity(value.stripTrailingZeros());
    }

    private static boolean isWhole(Quantity quantity) {
        BigDecimal value = quantity.value().stripTrailingZeros();
        return value.scale() <= 0
                && value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
                && value.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) >= 0;
    }

    private static Quantity quantity(String text) {
        return Quantity.parse(text)
                .map(q -> sum(q.value()))
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no quantity"));
    }
}
