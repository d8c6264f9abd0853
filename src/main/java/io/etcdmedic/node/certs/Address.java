package io.etcdmedic.node.certs;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/// IP addresses and ranges (`10.43.0.0/16`), without ever asking a name server.
///
/// @param bytes 4 or 16 of them
/// @param bits the length of the prefix
public record Address(byte[] bytes, int bits) {

    /// Reads `10.43.0.0/16` or `10.43.0.1`; empty for anything else.
    public static Optional<Address> parse(String text) {
        String[] parts = text.strip().split("/", -1);
        if (parts.length > 2 || !isLiteral(parts[0])) {
            return Optional.empty();
        }
        try {
            byte[] bytes = InetAddress.getByName(parts[0]).getAddress();
            int bits = parts.length == 2 ? Integer.parseInt(parts[1]) : bytes.length * 8;
            return bits < 0 || bits > bytes.length * 8 ? Optional.empty() : Optional.of(new Address(bytes, bits));
        } catch (UnknownHostException | NumberFormatException malformed) {
            return Optional.empty();
        }
    }

    /// One spelling for each address: IPv6 in Java's form; names unchanged.
    public static String canonical(String text) {
        return text.contains("/") ? text : parse(text).map(Address::hostText).orElse(text);
    }

    public boolean contains(Address other) {
        return other.bytes.length == bytes.length
                && other.bits >= bits
                && network(bits).equals(other.network(bits));
    }

    public boolean overlaps(Address other) {
        return contains(other) || other.contains(this);
    }

    /// The `n`th address of the range: 1 is what the Service `kubernetes` gets, 10 what RKE1 gives DNS.
    public String nth(int n) {
        BigInteger value = network(bits).add(BigInteger.valueOf(n));
        byte[] raw = value.toByteArray();
        byte[] address = new byte[bytes.length];
        int length = Math.min(raw.length, address.length);
        System.arraycopy(raw, raw.length - length, address, address.length - length, length);
        return new Address(address, address.length * 8).hostText();
    }

    private String hostText() {
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    private BigInteger network(int prefix) {
        int host = bytes.length * 8 - prefix;
        return new BigInteger(1, bytes).shiftRight(host).shiftLeft(host);
    }

    private static boolean isLiteral(String text) {
        return text.matches("\\d{1,3}(\\.\\d{1,3}){3}") || text.contains(":") && text.matches("[0-9a-fA-F:.]+");
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Address address && bits == address.bits && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes) * 31 + bits;
    }

    @Override
    public String toString() {
        return hostText() + (bits == bytes.length * 8 ? "" : "/" + bits);
    }
}
