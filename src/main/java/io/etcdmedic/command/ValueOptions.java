package io.etcdmedic.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// How stored values are read, and how much of them is shown.
public final class ValueOptions {
    @Option(
            names = "--encryption-config",
            paramLabel = "FILE",
            description = "the apiserver's EncryptionConfiguration, to read what is encrypted at rest")
    private Optional<Path> encryptionConfig = Optional.empty();

    @Option(
            names = "--schema",
            paramLabel = "FILE",
            description = "a descriptor set of protoc with more types; may be repeated")
    private List<Path> schemas = new ArrayList<>();

    @Option(names = "--show-secrets", description = "show what is redacted otherwise")
    private boolean showSecrets;

    ValueOptions over(ValueOptions before) {
        ValueOptions merged = new ValueOptions();
        merged.encryptionConfig = encryptionConfig.or(() -> before.encryptionConfig);
        merged.schemas = schemas.isEmpty() ? before.schemas : schemas;
        merged.showSecrets = showSecrets || before.showSecrets;
        return merged;
    }

    /// These options without what decrypts one cluster's values.
    ValueOptions withoutKeys() {
        ValueOptions changed = new ValueOptions().over(this);
        changed.encryptionConfig = Optional.empty();
        return changed;
    }

    public Optional<Path> encryptionConfig() {
        return encryptionConfig;
    }

    public List<Path> schemas() {
        return List.copyOf(schemas);
    }

    public boolean showSecrets() {
        return showSecrets;
    }
}
