package io.etcdmedic.resource;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;

/// `ip` and `cidr` as the kube-apiserver's CEL has them. A `cidr` keeps the address it was written with; `masked`
/// gives the range.
///
/// Source: k8s.io/apiserver pkg/cel/library, ip.go and cidr.go.
final class CelNetworks {
    private static final CelType IP = OpaqueType.create("net.IP");
    private static final CelType CIDR = OpaqueType.create("net.CIDR");

    private CelNetworks() {}

    static void addTo(CelLibrary library) {
        addresses(library);
        ranges(library);
    }

    private static void addresses(CelLibrary library) {
        library.global("ip", "string_to_ip", SimpleType.STRING, IP, String.class, CelNetworks::address);
        library.global(
                "isIP",
                "is_ip",
                SimpleType.STRING,
                SimpleType.BOOL,
                String.class,
                s -> Address.parse(s).isPresent());
        library.global(
                "ip.isCanonical",
                "ip_is_canonical",
                SimpleType.STRING,
                SimpleType.BOOL,
                String.class,
                s -> address(s).toString().equals(s));
        library.member("family", "ip_family", IP, SimpleType.INT, Address.class, a ->
                (long) (a.family() == Address.Family.IPV4 ? 4 : 6));
        library.member(
                "isLoopback",
                "ip_is_loopback",
                IP,
                SimpleType.BOOL,
                Address.class,
                a -> within(a, "127.0.0.0/8", "::1/128"));
        library.member(
                "isUnspecified",
                "ip_is_unspecified",
                IP,
                SimpleType.BOOL,
                Address.class,
                a -> within(a, "0.0.0.0/32", "::/128"));
        library.member(
                "isLinkLocalUnicast",
                "ip_is_link_local_unicast",
                IP,
                SimpleType.BOOL,
                Address.class,
                a -> within(a, "169.254.0.0/16", "fe80::/10"));
        library.member(
                "isLinkLocalMulticast",
                "ip_is_link_local_multicast",
                IP,
                SimpleType.BOOL,
                Address.class,
                a -> within(a, "224.0.0.0/24", "ff02::/16"));
        library.member(
                "isGlobalUnicast",
                "ip_is_global_unicast",
                IP,
                SimpleType.BOOL,
                Address.class,
                a -> !within(a, "0.0.0.0/32", "::/128", "255.255.255.255/32")
                        && !within(
                                a, "127.0.0.0/8", "::1/128", "169.254.0.0/16", "fe80::/10", "224.0.0.0/4", "ff00::/8"));
        library.global("string", "ip_to_string", IP, SimpleType.STRING, Address.class, Address::toString);
    }

    private static void ranges(CelLibrary library) {
        library.global("cidr", "string_to_cidr", SimpleType.STRING, CIDR, String.class, CelNetworks::range);
        library.global(
                "isCIDR",
                "is_cidr",
                SimpleType.STRING,
                SimpleType.BOOL,
                String.class,
                s -> Cidr.parseUnmasked(s).isPresent());
        library.member("ip", "cidr_ip", CIDR, IP, Cidr.class, Cidr::network);
        library.member("prefixLength", "cidr_prefix_length", CIDR, SimpleType.INT, Cidr.class, c -> (long) c.bits());
        library.member("masked", "cidr_masked", CIDR, CIDR, Cidr.class, Cidr::masked);
        library.global("string", "cidr_to_string", CIDR, SimpleType.STRING, Cidr.class, Cidr::toString);
        library.binary(
                "containsIP",
                "cidr_contains_ip_string",
                CIDR,
                SimpleType.STRING,
                SimpleType.BOOL,
                Cidr.class,
                String.class,
                (c, s) -> c.masked().contains(address(s)));
        library.binary(
                "containsIP",
                "cidr_contains_ip_ip",
                CIDR,
                IP,
                SimpleType.BOOL,
                Cidr.class,
                Address.class,
                (c, a) -> c.masked().contains(a));
        library.binary(
                "containsCIDR",
                "cidr_contains_cidr_string",
                CIDR,
                SimpleType.STRING,
                SimpleType.BOOL,
                Cidr.class,
                String.class,
                (c, s) -> covers(c, range(s)));
        library.binary(
                "containsCIDR",
                "cidr_contains_cidr",
                CIDR,
                CIDR,
                SimpleType.BOOL,
                Cidr.class,
                Cidr.class,
                CelNetworks::covers);
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no IP address"));
    }

    private static Cidr range(String text) {
        return Cidr.parseUnmasked(text)
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no range of IP addresses"));
    }

    private static boolean covers(Cidr outer, Cidr inner) {
        return outer.masked().contains(inner);
    }

    private static boolean within(Address address, String... ranges) {
        for (String range : ranges) {
            if (range(range).contains(address)) {
                return true;
            }
        }
        return false;
    }
}
