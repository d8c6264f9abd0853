package io.etcdmedic.repair.plan;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;

/// Bytes that a plan writes, by their hash: the bytes themselves lie in [Plan#values], apart from the plan's text,
/// because they may be secret.
///
/// @param length in bytes
public record Value(Sha256 sha256, int length) {
    public static Value of(Bytes bytes) {
        return new Value(Sha256.of(bytes), bytes.length());
    }
}
