package io.etcdmedic.keyspace;

/// Who answers: named beside every answer, because a debugger must never lie about where it looked.
///
/// @param kind what it is
/// @param name endpoint or path, as the operator would write it
/// @param clusterId etcd's cluster ID in hexadecimal; empty when the source does not know it
public record Source(Kind kind, String name, String clusterId) {

    public enum Kind {
        LIVE("etcd"),
        SNAPSHOT("snapshot"),
        ARCHIVE("archive"),
        OVERLAY("overlay over"),
        MEMORY("memory");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    @Override
    public String toString() {
        return kind.words() + " " + name;
    }
}
