package io.etcdmedic.codec;

import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;

/// What became of one stored value, for listings in which a bad value is a row.
public sealed interface Decoded {

    /// A value that was read.
    record Object(Document document) implements Decoded {}

    /// A value that is encrypted and stays so.
    ///
    /// @param provider `aescbc`, `kms`
    /// @param keyName the key's name, or the KMS plugin's
    record Encrypted(String provider, String keyName, Failure why) implements Decoded {}

    /// A value that breaks its format.
    record Undecodable(Failure why) implements Decoded {}
}
