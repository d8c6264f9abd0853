package io.etcdmedic.etcd;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// The files for TLS, as the operator named them.
///
/// @param ca who signed the members' certificates; empty: the certificate authorities of the Java runtime
/// @param certificate our client certificate, PEM; empty: we have none
/// @param key its private key, PEM; empty: it is in the certificate's file
/// @param passphrase asked only when the key is encrypted
public record TlsFiles(
        Optional<Path> ca, Optional<Path> certificate, Optional<Path> key, Supplier<char[]> passphrase) {}
