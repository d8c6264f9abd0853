package io.etcdmedic.etcd;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;

/// An alarm that a member raised.
///
/// @param kind as etcd names it: NOSPACE, CORRUPT
public record Alarm(long memberId, String kind) {
    /// Source: etcd api/etcdserverpb/rpc.proto, enum AlarmType; jetcd knows only the first.
    private static final int NOSPACE = 1;

    private static final int CORRUPT = 2;

    public String memberHex() {
        return Long.toHexString(memberId);
    }

    static String kind(int number) {
        return switch (number) {
            case NOSPACE -> "NOSPACE";
            case CORRUPT -> "CORRUPT";
            default -> "alarm " + number;
        };
    }

    static int number(String kind) {
        return switch (kind) {
            case "NOSPACE" -> NOSPACE;
            case "CORRUPT" -> CORRUPT;
            default ->
                throw new Failure.Refused(Problem.in("disarming " + kind)
                        .found("no alarm of this name")
                        .expected("NOSPACE or CORRUPT"));
        };
    }
}
