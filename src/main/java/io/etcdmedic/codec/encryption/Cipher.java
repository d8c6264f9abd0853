package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;
import java.security.SecureRandom;

/// One way to seal a value with one key.
interface Cipher {
    /// @param payload what stands behind the key's name
    /// @param path the whole etcd key, which some ciphers authenticate
    Opened open(Bytes payload, Bytes path);

    Bytes seal(Bytes plain, Bytes path, SecureRandom random);
}
