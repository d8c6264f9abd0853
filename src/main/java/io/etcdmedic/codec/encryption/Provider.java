package io.etcdmedic.codec.encryption;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// One entry of a rule's `providers`: how values are written, or were once.
public sealed interface Provider {

    /// As in the configuration and in stored values: `aescbc`.
    String word();

    /// Stored as it is.
    record Identity() implements Provider {
        @Override
        public String word() {
            return "identity";
        }
    }

    /// One of the three that hold their keys in the configuration.
    sealed interface Keyed extends Provider permits AesCbc, AesGcm, SecretBox {
        List<EncryptionKey> keys();

        /// What a value must be to be opened with `key`, and the opening.
        Cipher cipher(EncryptionKey key);

        /// For people: `key2, key1`.
        default String keyNames() {
            return keys().stream().map(EncryptionKey::name).collect(Collectors.joining(", "));
        }
    }

    record AesCbc(List<EncryptionKey> keys) implements Keyed {
        public AesCbc {
            keys = List.copyOf(keys);
        }

        @Override
        public String word() {
            return "aescbc";
        }

        @Override
        public Cipher cipher(EncryptionKey key) {
            return new AesCbcCipher(key.secret());
        }
    }

    record AesGcm(List<EncryptionKey> keys) implements Keyed {
        public AesGcm {
            keys = List.copyOf(keys);
        }

        @Override
        public String word() {
            return "aesgcm";
        }

        @Override
        public Cipher cipher(EncryptionKey key) {
            return new AesGcmCipher(key.secret());
        }
    }

    record SecretBox(List<EncryptionKey> keys) implements Keyed {
        public SecretBox {
            keys = List.copyOf(keys);
        }

        @Override
        public String word() {
            return "secretbox";
        }

        @Override
        public Cipher cipher(EncryptionKey key) {
            return new SecretBoxCipher(key.secret());
        }
    }

    /// A plugin that holds the key which encrypts the keys.
    ///
    /// @param apiVersion `v1` or `v2`
    /// @param endpoint `unix:///run/plugin.sock`, or `unix:///@name` for Linux' abstract names
    /// @param timeout for one call
    record Kms(String name, String apiVersion, String endpoint, Duration timeout) implements Provider {
        @Override
        public String word() {
            return "kms";
        }
    }
}
