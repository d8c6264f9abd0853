package io.etcdmedic.resource;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `ip`, `cidr` and `quantity` as the kube-apiserver's CEL has them.
///
/// Source: k8s.io/apiserver pkg/cel/library, ip.go, cidr.go and quantity.go.
final class CelFunctions {
    private static final CelType IP = OpaqueType.create("net.IP");
    private static final CelType CIDR = OpaqueType.create("net.CIDR");
    private static final CelType QUANTITY = OpaqueType.create("kubernetes.Quantity");
    private static final Map<String, List<CelOverloadDecl>> OVERLOADS = new LinkedHashMap<>();
    private static final List<CelFunctionBinding> BINDINGS = new ArrayList<>();

    static {
        addresses();
        ranges();
        quantities();
        quantitiesCompared();
        quantitiesAdded();
    }

    private CelFunctions() {}

    static List<CelFunctionDecl> declarations() {
        return OVERLOADS.entrySet().stream()
                .map(e -> CelFunctionDecl.newFunctionDeclaration(e.getKey(), e.getValue()))
                .toList();
    }

    static List<CelFunctionBinding> bindings() {
        return List.copyOf(BINDINGS);
    }

    private static void addresses() {
        global("ip", "string_to_ip", SimpleType.STRING, IP, String.class, CelFunctions::address);
        global(
                "isIP",
                "is_ip",
                SimpleType.STRING,
                SimpleType.BOOL,
                String.class,
                s -> Address.parse(s).isPresent());
        member("family", "ip_family", IP, SimpleType.INT, Address.class, a ->
                (long) (a.family() == Address.Family.IPV4 ? 4 : 6));
        member(
                "isLoopback",
                "ip_is_loopback",
                IP,
                SimpleType.BOOL,
                Address.class,
                a -> within(a, "127.0.0.0/8", "::1/128"));
        member(
                "isUnspecified",
                "ip_is_unspecified",
                IP,
                SimpleType.BOOL,
                Address.class,
                a -> within(a, "0.0.0.0/32", "::/128"));
        member(
                "isLinkLocalUnicast",
                "ip_is_link_local_unicast",
                IP,
                SimpleType.BOOL,
                Address.class,
                a -> within(a, "169.254.0.0/16", "fe80::/10"));
        member(
                "isLinkLocalMulticast",
                "ip_is_link_local_multicast",
                IP,
                SimpleType.BOOL,
                Address.class,
                a -> within(a, "224.0.0.0/24", "ff02::/16"));
        member(
                "isGlobalUnicast",
                "ip_is_global_unicast",
                IP,
                SimpleType.BOOL,
                Address.class,
                a -> !within(a, "0.0.0.0/32", "::/128", "255.255.255.255/32")
                        && !within(
                                a, "127.0.0.0/8", "::1/128", "169.254.0.0/16", "fe80::/10", "224.0.0.0/4", "ff00::/8"));
        global("string", "ip_to_string", IP, SimpleType.STRING, Address.class, Address::toString);
    }

    private static void ranges() {
        global("cidr", "string_to_cidr", SimpleType.STRING, CIDR, String.class, CelFunctions::range);
        global(
                "isCIDR",
                "is_cidr",
                SimpleType.STRING,
                SimpleType.BOOL,
                String.class,
                s -> Cidr.parse(s).isPresent());
        member("ip", "cidr_ip", CIDR, IP, Cidr.class, Cidr::network);
        member("prefixLength", "cidr_prefix_length", CIDR, SimpleType.INT, Cidr.class, c -> (long) c.bits());
        global("string", "cidr_to_string", CIDR, SimpleType.STRING, Cidr.class, Cidr::toString);
        binary(
                "containsIP",
                "cidr_contains_ip_string",
                CIDR,
                SimpleType.STRING,
                SimpleType.BOOL,
                Cidr.class,
                String.class,
                (c, s) -> c.contains(address(s)));
        binary(
                "containsIP",
                "cidr_contains_ip_ip",
                CIDR,
                IP,
                SimpleType.BOOL,
                Cidr.class,
                Address.class,
                Cidr::contains);
        binary(
                "containsCIDR",
                "cidr_contains_cidr_string",
                CIDR,
                SimpleType.STRING,
                SimpleType.BOOL,
                Cidr.class,
                String.class,
                (c, s) -> covers(c, range(s)));
        binary(
                "containsCIDR",
                "cidr_contains_cidr",
                CIDR,
                CIDR,
                SimpleType.BOOL,
                Cidr.class,
                Cidr.class,
                CelFunctions::covers);
    }

    private static void quantities() {
        global("quantity", "string_to_quantity", SimpleType.STRING, QUANTITY, String.class, CelFunctions::quantity);
        global(
                "isQuantity",
                "is_quantity_string",
                SimpleType.STRING,
                SimpleType.BOOL,
                String.class,
                s -> Quantity.parse(s).isPresent());
        member("sign", "quantity_sign", QUANTITY, SimpleType.INT, Quantity.class, q ->
                (long) q.value().signum());
        member("isInteger", "quantity_is_integer", QUANTITY, SimpleType.BOOL, Quantity.class, q -> isWhole(q));
        member("asInteger", "quantity_get_int", QUANTITY, SimpleType.INT, Quantity.class, q -> {
            if (!isWhole(q)) {
                throw new IllegalArgumentException("cannot convert value to integer");
            }
            return q.value().longValueExact();
        });
        member(
                "asApproximateFloat",
                "quantity_get_float",
                QUANTITY,
                SimpleType.DOUBLE,
                Quantity.class,
                q -> q.value().doubleValue());
    }

    private static void quantitiesCompared() {
        binary(
                "compareTo",
                "quantity_cmp",
                QUANTITY,
                QUANTITY,
                SimpleType.INT,
                Quantity.class,
                Quantity.class,
                (a, b) -> (long) a.compareTo(b));
        binary(
                "isLessThan",
                "quantity_is_less_than",
                QUANTITY,
                QUANTITY,
                SimpleType.BOOL,
                Quantity.class,
                Quantity.class,
                (a, b) -> a.compareTo(b) < 0);
        binary(
                "isGreaterThan",
                "quantity_is_greater_than",
                QUANTITY,
                QUANTITY,
                SimpleType.BOOL,
                Quantity.class,
                Quantity.class,
                (a, b) -> a.compareTo(b) > 0);
    }

    private static void quantitiesAdded() {
        binary(
                "add",
                "quantity_add",
                QUANTITY,
                QUANTITY,
                QUANTITY,
                Quantity.class,
                Quantity.class,
                (a, b) -> sum(a.value().add(b.value())));
        binary(
                "add",
                "quantity_add_int",
                QUANTITY,
                SimpleType.INT,
                QUANTITY,
                Quantity.class,
                Long.class,
                (a, b) -> sum(a.value().add(BigDecimal.valueOf(b))));
        binary(
                "sub",
                "quantity_sub",
                QUANTITY,
                QUANTITY,
                QUANTITY,
                Quantity.class,
                Quantity.class,
                (a, b) -> sum(a.value().subtract(b.value())));
        binary(
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

    private static Address address(String text) {
        return Address.parse(text).orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no IP address"));
    }

    private static Cidr range(String text) {
        return Cidr.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no range of IP addresses"));
    }

    private static Quantity quantity(String text) {
        return Quantity.parse(text)
                .map(q -> sum(q.value()))
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no quantity"));
    }

    private static boolean covers(Cidr outer, Cidr inner) {
        return outer.family() == inner.family() && outer.contains(inner);
    }

    private static boolean within(Address address, String... ranges) {
        for (String range : ranges) {
            if (range(range).contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static <A> void global(
            String name, String id, CelType from, CelType to, Class<A> type, CelFunctionOverload.Unary<A> function) {
        declare(name, CelOverloadDecl.newGlobalOverload(id, to, from));
        BINDINGS.add(CelFunctionBinding.from(id, type, function));
    }

    private static <A> void member(
            String name, String id, CelType from, CelType to, Class<A> type, CelFunctionOverload.Unary<A> function) {
        declare(name, CelOverloadDecl.newMemberOverload(id, to, from));
        BINDINGS.add(CelFunctionBinding.from(id, type, function));
    }

    private static <A, B> void binary(
            String name,
            String id,
            CelType left,
            CelType right,
            CelType to,
            Class<A> leftType,
            Class<B> rightType,
            CelFunctionOverload.Binary<A, B> function) {
        declare(name, CelOverloadDecl.newMemberOverload(id, to, left, right));
        BINDINGS.add(CelFunctionBinding.from(id, leftType, rightType, function));
    }

    private static void declare(String name, CelOverloadDecl overload) {
        OVERLOADS.computeIfAbsent(name, _ -> new ArrayList<>()).add(overload);
    }
}
