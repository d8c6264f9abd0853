package io.etcdmedic.keyspace;

/// An etcd lease's ID; [#NONE] is what a key without a lease carries.
public record LeaseId(long id) {
    public static final LeaseId NONE = new LeaseId(0);

    public boolean isNone() {
        return id == 0;
    }

    /// Sixteen hexadecimal digits, as etcdctl prints it.
    public String hex() {
        return java.util.HexFormat.of().toHexDigits(id);
    }

    @Override
    public String toString() {
        return hex();
    }
}
