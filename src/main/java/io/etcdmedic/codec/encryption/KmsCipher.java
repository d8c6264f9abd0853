package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.encryption.KeyService.WrappedKey;
import io.etcdmedic.wire.WireFault;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// KMS v2: the key is unwrapped by a plugin, once for all values that share it; the value is AES-GCM.
///
/// Source: k8s.io/apiserver pkg/storage/value/encrypt/envelope/kmsv2/envelope.go, and aes_extended_nonce.go. Safe
/// for many threads.
final class KmsCipher implements Cipher {
    /// Wrapped keys kept at a time; each restart of an apiserver makes one. The program's own limit.
    private static final int KEYS_MAX = 1000;

    private static final int SEED_BYTES = 32;
    private static final int INFO_BYTES = 32;
    private final KeyService service;
    private final Map<WrappedKey, Bytes> unwrapped = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<WrappedKey, Bytes> eldest) {
            return size() > KEYS_MAX;
        }
    };
    private Optional<Seed> writing = Optional.empty();

    KmsCipher(KeyService service) {
        this.service = service;
    }

    private record Seed(Bytes seed, WrappedKey wrapped) {}

    @Override
    public Opened open(Bytes payload, Bytes path) {
        EncryptedObject object;
        try {
            object = EncryptedObject.read(payload);
        } catch (WireFault broken) {
            return new Opened.Not(Opened.Reason.TRUNCATED, "its envelope is broken or cut off: " + broken.found());
        }
        if (object.sourceType() != EncryptedObject.AES_KEY && object.sourceType() != EncryptedObject.SEED) {
            return new Opened.Not(
                    Opened.Reason.NO_KEY,
                    "its key is of a type that this version does not know, " + object.sourceType());
        }
        try {
            Bytes key = unwrap(object.wrapped());
            return object.sourceType() == EncryptedObject.SEED
                    ? seeded(object, key, path)
                    : keyed(object.data(), key, path);
        } catch (KeyService.Unavailable silent) {
            return new Opened.Not(Opened.Reason.PLUGIN, silent.found());
        }
    }

    private synchronized Bytes unwrap(WrappedKey wrapped) {
        Bytes known = unwrapped.get(wrapped);
        if (known == null) {
            known = service.unwrap(wrapped);
            unwrapped.put(wrapped, known);
        }
        return known;
    }

    private static Opened seeded(EncryptedObject object, Bytes seed, Bytes path) {
        if (seed.length() < SEED_BYTES) {
            return new Opened.Not(
                    Opened.Reason.PLUGIN,
                    "the plugin answered with a seed of " + seed.length() + " bytes, where at least 32 belong");
        }
        Bytes data = object.data();
        if (data.length() < INFO_BYTES) {
            return Opened.truncated(data.length(), INFO_BYTES);
        }
        return keyed(data.from(INFO_BYTES), derived(seed, data.slice(0, INFO_BYTES)), path);
    }

    private static Opened keyed(Bytes data, Bytes key, Bytes path) {
        if (key.length() != 16 && key.length() != 24 && key.length() != 32) {
            return new Opened.Not(
                    Opened.Reason.PLUGIN,
                    "the plugin answered with a key of " + key.length() + " bytes, which AES does not have");
        }
        return new AesGcmCipher(key).open(data, path);
    }

    /// HKDF's second half only, with SHA-256: the seed is random already. Source: RFC 5869, section 2.3.
    static Bytes derived(Bytes seed, Bytes info) {
        try {
            return Bytes.owned(KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.expandOnly(
                            new SecretKeySpec(seed.toArray(), "HKDF"), info.toArray(), 32)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF", e);
        }
    }

    @Override
    public Bytes seal(Bytes plain, Bytes path, SecureRandom random) {
        Seed seed = seed(random);
        byte[] info = new byte[INFO_BYTES];
        random.nextBytes(info);
        Bytes start = Bytes.owned(info);
        Bytes data = new AesGcmCipher(derived(seed.seed(), start)).seal(plain, path, random);
        return new EncryptedObject(start.concat(data), seed.wrapped(), EncryptedObject.SEED).write();
    }

    private synchronized Seed seed(SecureRandom random) {
        if (writing.isEmpty()) {
            byte[] seed = new byte[SEED_BYTES];
            random.nextBytes(seed);
            Bytes made = Bytes.owned(seed);
            WrappedKey wrapped = service.wrap(made);
            unwrapped.put(wrapped, made);
            writing = Optional.of(new Seed(made, wrapped));
        }
        return writing.get();
    }
}
