package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;

/// What came of opening one value with one key.
sealed interface Opened {
    record Plain(Bytes value) implements Opened {}

    /// @param why in words, without any byte of the key or of the value
    record Not(Reason reason, String why) implements Opened {}

    /// Why a value stays closed; a later one says more than an earlier one.
    enum Reason {
        /// There is no key to try.
        NO_KEY,
        /// It was written with another key.
        WRONG_KEY,
        /// The plugin did not help.
        PLUGIN,
        /// The key is right, but the bytes are not what was written.
        DAMAGED,
        /// The key is right, but the value was written under another etcd key.
        MOVED,
        /// There are fewer bytes than any value has.
        TRUNCATED
    }

    static Opened truncated(long found, int least) {
        return new Not(
                Reason.TRUNCATED,
                "it has " + found + " bytes behind the key's name, and at least " + least + " belong there");
    }
}
