package io.etcdmedic.repair;

import io.etcdmedic.keyspace.Entry;

/// Stored values as documents, as far as checks need them.
public interface Documents {

    /// The value at a JSON pointer (RFC 6901) of the decoded object, as canonical JSON text; `null` where nothing is.
    Answer field(Entry entry, String pointer);

    /// The status of the object's condition of that type; `null` where there is none.
    Answer condition(Entry entry, String type);

    /// @param json JSON text; meaningless when there is trouble
    /// @param trouble why the value cannot be read; empty when it can
    record Answer(String json, String trouble) {
        public static Answer of(String json) {
            return new Answer(json, "");
        }

        public static Answer trouble(String why) {
            return new Answer("", why);
        }
    }
}
