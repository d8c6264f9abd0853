package io.etcdmedic.resource;

import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import java.util.Optional;

/// A range as CEL's `cidr()` keeps it: with the address as it was written, whose host bits may be set.
record CelRange(Address address, int bits) {

    /// Empty when it is no address with a length of prefix that fits it.
    static Optional<CelRange> parse(String text) {
        int slash = text.indexOf('/');
        String length = text.substring(slash + 1);
        if (slash < 0 || !length.matches("0|[1-9][0-9]{0,2}")) {
            return Optional.empty();
        }
        return Address.parse(text.substring(0, slash))
                .map(address -> new CelRange(address, Integer.parseInt(length)))
                .filter(range -> range.bits <= range.address.bytes().length() * 8);
    }

    /// The range without its host bits.
    CelRange masked() {
        return new CelRange(range().network(), bits);
    }

    boolean contains(Address other) {
        return range().contains(other);
    }

    boolean covers(CelRange other) {
        return address.family() == other.address.family() && bits <= other.bits && contains(other.address);
    }

    private Cidr range() {
        return Cidr.parseFlag(this.toString()).getFirst();
    }

    @Override
    public String toString() {
        return address + "/" + bits;
    }
}
