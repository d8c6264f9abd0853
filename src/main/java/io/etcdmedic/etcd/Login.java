package io.etcdmedic.etcd;

/// A user of etcd's own authentication.
public record Login(String user, String password) {
    /// Without the password: records are printed in failures.
    @Override
    public String toString() {
        return user;
    }
}
