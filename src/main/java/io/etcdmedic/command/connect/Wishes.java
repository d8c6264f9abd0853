package io.etcdmedic.command.connect;

import io.etcdmedic.etcd.Connection;
import io.etcdmedic.etcd.Endpoint;
import io.etcdmedic.etcd.Login;
import io.etcdmedic.etcd.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What one place says about a connection: the options, a profile, the environment, the machine.
///
/// @param password where the password of `user` comes from, asked only when it is needed
/// @param passphrase where the passphrase of an encrypted key comes from
record Wishes(
        List<String> endpoints,
        Optional<Path> cacert,
        Optional<Path> cert,
        Optional<Path> key,
        Optional<String> serverName,
        Optional<String> user,
        Optional<java.util.function.Supplier<char[]>> password,
        Optional<java.util.function.Supplier<char[]>> passphrase,
        Optional<Duration> dialMax,
        Optional<Duration> commandMax,
        String origin) {

    Wishes {
        endpoints = List.copyOf(endpoints);
    }

    /// These wishes, and `lower`'s where these say nothing.
    ///
    /// A key only ever comes with the certificate of the same place: two that do not belong together help nobody.
    Wishes orElse(Wishes lower) {
        boolean own = cert.isPresent() || key.isPresent();
        return new Wishes(
                endpoints.isEmpty() ? lower.endpoints : endpoints,
                cacert.or(lower::cacert),
                own ? cert : lower.cert,
                own ? key : lower.key,
                serverName.or(lower::serverName),
                user.or(lower::user),
                password.or(lower::password),
                passphrase.or(lower::passphrase),
                dialMax.or(lower::dialMax),
                commandMax.or(lower::commandMax),
                endpoints.isEmpty() ? lower.origin : origin);
    }

    Connection connection() {
        boolean tls = cacert.isPresent() || cert.isPresent();
        Optional<Login> login = user.map(name -> new Login(
                name,
                new String(password.orElseGet(() -> () -> Secrets.read(
                                "the password of etcd's user " + name,
                                Optional.empty(),
                                Optional.empty(),
                                "--password-file"))
                        .get())));
        return new Connection(
                endpoints.stream().map(e -> Endpoint.parse(e.strip(), tls)).toList(),
                new TlsFiles(
                        cacert,
                        cert,
                        key,
                        passphrase.orElseGet(() -> () -> Secrets.read(
                                "the passphrase of "
                                        + key.or(() -> cert).map(Path::toString).orElse("the key"),
                                Optional.empty(),
                                Optional.empty(),
                                "--key-passphrase-file"))),
                login,
                serverName,
                dialMax.orElse(Connection.DIAL_MAX),
                commandMax.orElse(Connection.COMMAND_MAX),
                origin);
    }
}
