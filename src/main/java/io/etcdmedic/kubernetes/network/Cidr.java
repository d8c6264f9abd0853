package io.etcdmedic.kubernetes.network;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A range of addresses, as in `10.43.0.0/16`.
///
/// @param network the lowest address of the range
/// @param bits the length of the prefix
public record Cidr(Address network, int bits) {

    /// Empty when it is no range, or not the canonical form of one (host bits are set).
    public static Optional<Cidr> parse(String text) {
        return parseUnmasked(text).filter(cidr -> cidr.masked().equals(cidr));
    }

    /// Reads also an address within a range, as in `10.43.7.1/16`; [#masked] gives the range.
    public static Optional<Cidr> parseUnmasked(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(text.substring(slash + 1));
        return Address.parse(text.substring(0, slash))
                .filter(address -> bits <= address.bytes().length() * 8)
                .map(address -> new Cidr(address, bits));
    }

    /// Reads `A[,B]` as an operator or a flag gives it.
    ///
    /// @throws Failure.Usage when one is no range, or two are of one family
    public static List<Cidr> parseAll(String text) {
        List<Cidr> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            ranges.add(parse(part.strip())
                    .orElseThrow(() -> usage(text, part.strip() + " is no range in its canonical form")));
        }
        if (ranges.size() > 2
                || ranges.size() == 2
                        && ranges.getFirst().family() == ranges.getLast().family()) {
            throw usage(text, "a service range is one range, or one of each family");
        }
        return List.copyOf(ranges);
    }

    /// Reads a range as kube-apiserver takes its flag: host bits that are set are dropped.
    ///
    /// @throws Failure.Usage as [#parseAll]
    public static List<Cidr> parseFlag(String text) {
        List<String> masked = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int slash = part.indexOf('/');
            Optional<Address> address =
                    Address.parse(part.substring(0, Math.max(0, slash)).strip());
            boolean range = address.isPresent() && part.substring(slash + 1).matches("[0-9]{1,3}");
            masked.add(
                    range
                            ? new Address(masked(address.get().bytes(), Integer.parseInt(part.substring(slash + 1))))
                                    + part.substring(slash)
                            : part);
        }
        return parseAll(String.join(",", masked));
    }

    private static Failure usage(String text, String found) {
        return new Failure.Usage(Problem.in("reading the service range " + text)
                .found(found)
                .hint("as in 10.43.0.0/16 or 10.43.0.0/16,fd00:43::/112"));
    }

    public Address.Family family() {
        return network.family();
    }

    public boolean contains(Address address) {
        return address.family() == family() && masked(address.bytes(), bits).equals(network.bytes());
    }

    public boolean contains(Cidr other) {
        return other.bits >= bits && contains(other.network);
    }

    public boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    /// The address that Service `kubernetes` gets: the first after the network's own.
    public Address first() {
        byte[] first = network.bytes().toArray();
        first[first.length - 1]++;
        return new Address(Bytes.owned(first));
    }

    /// The range itself, without the bits of an address within it.
    public Cidr masked() {
        return new Cidr(new Address(masked(network.bytes(), bits)), bits);
    }

    private static Bytes masked(Bytes address, int bits) {
        byte[] masked = address.toArray();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(bits - 8L * i, 0, 8);
            masked[i] &= (byte) (0xff << 8 - kept);
        }
        return Bytes.owned(masked);
    }

    @Override
    public String toString() {
        return network + "/" + bits;
    }

    /// As a flag takes them: `10.43.0.0/16,fd00:43::/112`.
    public static String join(List<Cidr> ranges) {
        return String.join(",", ranges.stream().map(Cidr::toString).toList());
    }
}
