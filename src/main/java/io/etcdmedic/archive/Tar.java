package io.etcdmedic.archive;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/// The one shape of tar header that archives have: a regular file, 0600, root's, of no time.
///
/// A header is read by writing it again and comparing all 512 bytes, so that no link, no device, no path and no
/// extension can be in an archive at all.
/// Source: POSIX.1-2017, pax, "ustar Interchange Format".
record Tar(String name, long size) {
    static final int BLOCK = 512;

    private static final long SIZE_MAX = 0_77777777777L;
    private static final int NAME_LENGTH = 100;
    private static final int SIZE_AT = 124;
    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_LENGTH = 8;

    /// Every name that may be in an archive.
    private static final Pattern NAME =
            Pattern.compile("manifest\\.jsonl|values/[0-9a-f]{64}|yaml/[0-9a-f]{64}\\.yaml");

    Tar {
        if (!NAME.matcher(name).matches() || size < 0 || size > SIZE_MAX) {
            throw new IllegalArgumentException("no file of an archive: " + name + ", " + size + " bytes");
        }
    }

    byte[] header() {
        byte[] block = new byte[BLOCK];
        text(block, 0, name);
        text(block, 100, "0000600");
        text(block, 108, "0000000");
        text(block, 116, "0000000");
        text(block, SIZE_AT, String.format("%011o", size));
        text(block, 136, "00000000000");
        Arrays.fill(block, CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_LENGTH, (byte) ' ');
        block[156] = '0';
        text(block, 257, "ustar");
        text(block, 263, "00");
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        text(block, CHECKSUM_AT, String.format("%06o", sum));
        block[CHECKSUM_AT + 6] = 0;
        return block;
    }

    int padding() {
        return (int) ((BLOCK - size % BLOCK) % BLOCK);
    }

    /// @throws Failure.Corrupt for a header that this class would not write
    static Tar read(byte[] block, String archive) {
        String name = text(block, 0, NAME_LENGTH);
        String octal = text(block, SIZE_AT, 12);
        if (NAME.matcher(name).matches() && octal.matches("[0-7]{11}")) {
            Tar tar = new Tar(name, Long.parseLong(octal, 8));
            if (Arrays.equals(tar.header(), block)) {
                return tar;
            }
        }
        throw new Failure.Corrupt(Problem.in("reading the archive " + archive)
                .found("a file '" + name + "' that no archive of medic has")
                .expected("values by their hash, their YAML, and the manifest"));
    }

    private static void text(byte[] block, int at, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, block, at, ascii.length);
    }

    private static String text(byte[] block, int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return new String(block, at, end - at, StandardCharsets.ISO_8859_1);
    }
}
