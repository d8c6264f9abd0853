package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import java.util.Optional;

/// What a value encrypted at rest says about itself, without any key.
///
/// Shape: `k8s:enc:PROVIDER:VERSION:NAME:` and then the provider's own bytes. A name may itself hold a colon; then
/// `name` is only its beginning, and a configuration is needed to know all of it.
/// Source: k8s.io/apiserver pkg/server/options/encryptionconfig/config.go.
///
/// @param provider `aescbc`, `aesgcm`, `secretbox`, `kms`, or one that we do not know
/// @param version `v1` or `v2`; empty when the value ends before it
/// @param name of the key, or of the KMS plugin; empty when the value ends before it
/// @param rest what follows `k8s:enc:PROVIDER:VERSION:`, the name included
public record Envelope(String provider, String version, String name, Bytes rest) {
    public static final Bytes PREFIX = Bytes.utf8("k8s:enc:");
    private static final int WORD_BYTES_MAX = 256;

    /// Empty when `value` is not encrypted at rest.
    public static Optional<Envelope> of(Bytes value) {
        if (!value.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Bytes left = value.from(PREFIX.length());
        String provider = word(left);
        left = behind(left, provider);
        String version = word(left);
        left = behind(left, version);
        return Optional.of(new Envelope(provider, version, word(left), left));
    }

    /// For people: `aescbc, key key2`, or `kms v2, plugin vault`.
    public String label() {
        String shown = Escape.printable(Bytes.utf8(name));
        if (provider.equals("kms")) {
            return "kms " + version + ", plugin " + shown;
        }
        return provider.isEmpty() ? "no provider is named" : Escape.printable(Bytes.utf8(provider)) + ", key " + shown;
    }

    /// The bytes behind `NAME:`; empty when the value was not written under that name.
    Optional<Bytes> payload(String keyName) {
        Bytes prefix = Bytes.utf8(keyName + ":");
        return rest.startsWith(prefix) ? Optional.of(rest.from(prefix.length())) : Optional.empty();
    }

    private static String word(Bytes from) {
        int colon = from.indexOf((byte) ':', 0);
        return colon < 0 || colon > WORD_BYTES_MAX ? "" : from.slice(0, colon).toUtf8();
    }

    private static Bytes behind(Bytes from, String word) {
        int length = Bytes.utf8(word).length() + 1;
        return from.indexOf((byte) ':', 0) < 0 || length > from.length() ? Bytes.EMPTY : from.from(length);
    }
}
