package io.etcdmedic.archive;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/// The bytes around an archive's compressed data that make it one gzip file which proves itself.
///
/// Shape: a gzip member with the tar; then an empty gzip member whose extra field `MS` holds the SHA-256 of all bytes
/// before it. `tar xzf` and `gzip -t` read over it. Every byte of the file is thus either hashed or fixed: gzip's own
/// CRC-32 leaves the header and the padding of the last byte unguarded.
/// Source: RFC 1952, 2.3.1 and 2.3.1.1.
final class Seal {
    /// Deflate, no name, no time, unknown operating system.
    static final Bytes HEADER = Bytes.hex("1f8b08000000000000ff");

    /// CRC-32 and length, little-endian.
    static final int MEMBER_END = 8;

    private static final Bytes BEFORE = Bytes.hex("1f8b08040000000000ff" + "2400" + "4d532000");
    private static final Bytes AFTER = Bytes.hex("0300" + "0000000000000000");
    static final int LENGTH = BEFORE.length() + 32 + AFTER.length();

    private Seal() {}

    static Bytes of(Sha256 before) {
        ByteArrayOutputStream seal = new ByteArrayOutputStream(LENGTH);
        seal.writeBytes(BEFORE.toArray());
        seal.writeBytes(HexFormat.of().parseHex(before.hex()));
        seal.writeBytes(AFTER.toArray());
        return Bytes.owned(seal.toByteArray());
    }
}
