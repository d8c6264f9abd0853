package io.etcdmedic.command;

import java.nio.file.Path;
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

    @Option(names = "--profile", paramLabel = "NAME", description = "a connection that was saved under this name")
    private Optional<String> profile = Optional.empty();

    EtcdOptions over(EtcdOptions before) {
        EtcdOptions merged = new EtcdOptions();
        merged.endpoints = endpoints.isEmpty() ? before.endpoints : endpoints;
        merged.cacert = cacert.or(() -> before.cacert);
        merged.cert = cert.or(() -> before.cert);
        merged.key = key.or(() -> before.key);
        merged.profile = profile.or(() -> before.profile);
        return merged;
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

    public Optional<String> profile() {
        return profile;
    }
}
