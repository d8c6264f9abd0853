package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;

/// A named secret of a provider. Its bytes never become text.
record EncryptionKey(String name, Bytes secret) {
    @Override
    public String toString() {
        return "key " + name + " of " + secret.length() + " bytes";
    }
}
