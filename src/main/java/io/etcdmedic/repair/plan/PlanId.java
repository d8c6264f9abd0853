package io.etcdmedic.repair.plan;

import io.etcdmedic.bytes.Bytes;
import java.util.random.RandomGenerator;

/// 128 random bits as 32 hexadecimal digits: a plan's name for ever.
public record PlanId(String hex) {
    private static final int BYTES = 16;
    private static final int SHORT_DIGITS = 8;

    public PlanId {
        if (!hex.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("a plan's id has 32 lower-case hexadecimal digits");
        }
    }

    public static PlanId random(RandomGenerator random) {
        byte[] bits = new byte[BYTES];
        random.nextBytes(bits);
        return new PlanId(Bytes.owned(bits).toHex());
    }

    /// What the operator types to confirm.
    public String shortForm() {
        return hex.substring(0, SHORT_DIGITS);
    }

    @Override
    public String toString() {
        return hex;
    }
}
