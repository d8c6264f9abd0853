package io.etcdmedic.bbolt;

/// Numbers as a machine with the low byte first stores them: bbolt writes its memory as it is.
final class LittleEndian {
    private LittleEndian() {}

    static int int16(byte[] bytes, int at) {
        return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
    }

    static int int32(byte[] bytes, int at) {
        return int16(bytes, at) | int16(bytes, at + 2) << 16;
    }

    static long uint32(byte[] bytes, int at) {
        return int32(bytes, at) & 0xffffffffL;
    }

    static long int64(byte[] bytes, int at) {
        return uint32(bytes, at) | uint32(bytes, at + 4) << 32;
    }
}
