package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A KMS plugin of version 2: it wraps and unwraps the keys that values are encrypted with.
public interface KeyService {
    /// @throws Unavailable when it does not answer, or not with what is expected
    Bytes unwrap(WrappedKey wrapped);

    /// @throws Unavailable when it does not answer, or not with what is expected
    WrappedKey wrap(Bytes key);

    /// Makes the service of one provider, without speaking to it yet.
    @FunctionalInterface
    interface Opener {
        KeyService open(Provider.Kms provider);
    }

    /// A key as it lies in etcd: only the plugin can unwrap it.
    ///
    /// @param keyId which of the plugin's keys wrapped it
    record WrappedKey(String keyId, Bytes ciphertext, SequencedMap<String, Bytes> annotations) {
        public WrappedKey {
            annotations = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(annotations));
        }
    }

    /// What the plugin did instead of answering.
    final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Unavailable(String found) {
            super(found);
        }

        public String found() {
            return String.valueOf(getMessage());
        }
    }
}
