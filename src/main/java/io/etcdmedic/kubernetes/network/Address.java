package io.etcdmedic.kubernetes.network;

import io.etcdmedic.bytes.Bytes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// An IP address: 4 or 16 bytes.
public record Address(Bytes bytes) implements Comparable<Address> {
    private static final int IPV4_BYTES = 4;

    /// Reads a literal, never a name; empty when it is none (`None`, an empty string).
    public static Optional<Address> parse(String literal) {
        if (!literal.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Address(Bytes.owned(InetAddress.getByName(literal).getAddress())));
        } catch (UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }

    public Family family() {
        return bytes.length() == IPV4_BYTES ? Family.IPV4 : Family.IPV6;
    }

    /// The address after this one; after the highest comes the lowest.
    public Address next() {
        byte[] next = bytes.toArray();
        for (int i = next.length - 1; i >= 0 && ++next[i] == 0; i--) {
            // carried
        }
        return new Address(Bytes.owned(next));
    }

    @Override
    public int compareTo(Address other) {
        int families = Integer.compare(bytes.length(), other.bytes.length());
        return families != 0 ? families : bytes.compareTo(other.bytes);
    }

    /// The canonical form, which is also the name of its IPAddress object: IPv6 as in RFC 5952.
    @Override
    public String toString() {
        return family() == Family.IPV4 ? dotted() : colons();
    }

    private String dotted() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length(); i++) {
            text.append(i == 0 ? "" : ".").append(bytes.at(i) & 0xff);
        }
        return text.toString();
    }

    private String colons() {
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (bytes.at(2 * i) & 0xff) << 8 | bytes.at(2 * i + 1) & 0xff;
        }
        int from = -1;
        int length = 1;
        for (int i = 0; i < groups.length; i++) {
            int zeros = i;
            while (zeros < groups.length && groups[zeros] == 0) {
                zeros++;
            }
            if (zeros - i > length) {
                from = i;
                length = zeros - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (i == from) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    public enum Family {
        IPV4("IPv4"),
        IPV6("IPv6");

        private final String words;

        Family(String words) {
            this.words = words;
        }

        /// As Kubernetes writes it.
        public String words() {
            return words;
        }
    }
}
