package io.etcdmedic.wire;

/// Bytes that break the wire format. Whoever reads knows the field path and makes a
/// [io.etcdmedic.failure.Failure] of
/// it.
///
/// It carries no stack trace: readers of damaged data meet many.
public final class WireFault extends RuntimeException {
    private final int offset;
    private final String path;

    /// @param offset in bytes from the beginning of what was read
    public WireFault(String found, int offset) {
        this(found, offset, "");
    }

    private WireFault(String found, int offset, String path) {
        super(found, null, false, false);
        this.offset = offset;
        this.path = path;
    }

    /// The same fault, seen from the field that holds the message.
    public WireFault within(String field) {
        return new WireFault(
                found(), offset, path.isEmpty() || path.startsWith("[") ? field + path : field + "." + path);
    }

    /// The same fault, with its offset counted from `bytes` earlier.
    public WireFault shifted(int bytes) {
        return new WireFault(found(), offset + bytes, path);
    }

    public int offset() {
        return offset;
    }

    /// The fields that lead to the damage, outermost first: `metadata.labels`.
    public String path() {
        return path;
    }

    public String found() {
        return String.valueOf(getMessage());
    }
}
