package io.etcdmedic.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which etcd to talk to and how, in etcdctl's words.
public final class EtcdOptions {
    @Option(names = "--endpoints", paramLabel = "URL", split = ",", description = "the members' client URLs")
    private List<String> endpoints = new ArrayList<>();

    @Option(names = "--cacert", paramLabel = "FILE", description = "the CA that signed the members' certificates")
    private Optional<Path> cacert = Optional.empty();

    @Option(names = "--cert", paramLabel = "FILE", description = "our client certificate")
    private Optional<Path> cert = Optional.empty();

    @Option(names = "--key", paramLabel = "FILE", description = "the private key of our client certificate")
    private Optional<Path> key = Optional.empty();

    @Option(
            names = "--key-passphrase-file",
            paramLabel = "FILE",
            description = "the passphrase of an encrypted key (default: asked for)")
    private Optional<Path> keyPassphraseFile = Optional.empty();

    @Option(names = "--key-passphrase-fd", paramLabel = "N", description = "the same, from an open descriptor")
    private Optional<Integer> keyPassphraseFd = Optional.empty();

    @Option(
            names = "--server-name",
            paramLabel = "NAME",
            description = "the name that the members' certificates carry, where it is not the endpoint's")
    private Optional<String> serverName = Optional.empty();

    @Option(names = "--user", paramLabel = "NAME", description = "a user of etcd's own authentication")
    private Optional<String> user = Optional.empty();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "the user's password (default: asked for); never an argument")
    private Optional<Path> passwordFile = Optional.empty();

    @Option(names = "--password-fd", paramLabel = "N", description = "the same, from an open descriptor")
    private Optional<Integer> passwordFd = Optional.empty();

    @Option(
            names = "--dial-timeout",
            paramLabel = "TIME",
            converter = GoDuration.class,
            description = "how long connecting may take (default: 2s)")
    private Optional<Duration> dialTimeout = Optional.empty();

    @Option(
            names = "--command-timeout",
            paramLabel = "TIME",
            converter = GoDuration.class,
            description = "how long one answer may take (default: 5s)")
    private Optional<Duration> commandTimeout = Optional.empty();

    @Option(names = "--profile", paramLabel = "NAME", description = "a connection that was saved under this name")
    private Optional<String> profile = Optional.empty();

    EtcdOptions over(EtcdOptions before) {
        EtcdOptions merged = new EtcdOptions();
        merged.endpoints = endpoints.isEmpty() ? before.endpoints : endpoints;
        merged.cacert = cacert.or(() -> before.cacert);
        // A key only ever comes with the certificate of the same place: two strangers help nobody.
        boolean own = cert.isPresent() || key.isPresent();
        merged.cert = own ? cert : before.cert;
        merged.key = own ? key : before.key;
        merged.keyPassphraseFile = keyPassphraseFile.or(() -> before.keyPassphraseFile);
        merged.keyPassphraseFd = keyPassphraseFd.or(() -> before.keyPassphraseFd);
        merged.serverName = serverName.or(() -> before.serverName);
        merged.user = user.or(() -> before.user);
        merged.passwordFile = passwordFile.or(() -> before.passwordFile);
        merged.passwordFd = passwordFd.or(() -> before.passwordFd);
        merged.dialTimeout = dialTimeout.or(() -> before.dialTimeout);
        merged.commandTimeout = commandTimeout.or(() -> before.commandTimeout);
        merged.profile = profile.or(() -> before.profile);
        return merged;
    }

    EtcdOptions withEndpoints(List<String> urls) {
        EtcdOptions changed = new EtcdOptions().over(this);
        changed.endpoints = new ArrayList<>(urls);
        return changed;
    }

    EtcdOptions withProfile(String name) {
        EtcdOptions changed = new EtcdOptions().over(this);
        changed.profile = Optional.of(name);
        return changed;
    }

    public List<String> endpoints() {
        return List.copyOf(endpoints);
    }

    public Optional<Path> cacert() {
        return cacert;
    }

    public Optional<Path> cert() {
        return cert;
    }

    public Optional<Path> key() {
        return key;
    }

    public Optional<Path> keyPassphraseFile() {
        return keyPassphraseFile;
    }

    public Optional<Integer> keyPassphraseFd() {
        return keyPassphraseFd;
    }

    public Optional<String> serverName() {
        return serverName;
    }

    public Optional<String> user() {
        return user;
    }

    public Optional<Path> passwordFile() {
        return passwordFile;
    }

    public Optional<Integer> passwordFd() {
        return passwordFd;
    }

    public Optional<Duration> dialTimeout() {
        return dialTimeout;
    }

    public Optional<Duration> commandTimeout() {
        return commandTimeout;
    }

    public Optional<String> profile() {
        return profile;
    }
}
