package io.etcdmedic.command;

import io.etcdmedic.render.Format;
import io.etcdmedic.snapshot.Salvage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Options that every command takes, before or after its name: where to look, and how to answer.
public final class SharedOptions {
    @Option(names = "--snapshot", paramLabel = "FILE", description = "read an etcd database file instead of a cluster")
    private Optional<Path> snapshot = Optional.empty();

    @Option(
            names = "--salvage",
            arity = "0..1",
            fallbackValue = "orphan",
            paramLabel = "CERTAINTY",
            description = "read what a damaged --snapshot file still holds: reachable, orphan (the default), or freed,"
                    + " which may bring back deleted keys")
    private Optional<Salvage.Certainty> salvage = Optional.empty();

    @Option(
            names = "--etcd-prefix",
            paramLabel = "PREFIX",
            description = "the registry's prefix; found out if not given")
    private Optional<String> etcdPrefix = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table, wide, yaml, json, jsonl, name, raw, hex, proto or meta")
    private Optional<Format> output = Optional.empty();

    @Mixin
    private EtcdOptions etcd = new EtcdOptions();

    @Mixin
    private ValueOptions values = new ValueOptions();

    @Mixin
    private StateOptions state = new StateOptions();

    @Mixin
    private ApiOptions api = new ApiOptions();

    @Option(names = "--debug", description = "show where a failure comes from")
    private boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    private boolean help;

    /// These options, each as given here, or else as given in `before`.
    public SharedOptions over(SharedOptions before) {
        SharedOptions merged = new SharedOptions();
        merged.snapshot = snapshot.or(() -> before.snapshot);
        merged.salvage = salvage.or(() -> before.salvage);
        merged.etcdPrefix = etcdPrefix.or(() -> before.etcdPrefix);
        merged.output = output.or(() -> before.output);
        merged.etcd = etcd.over(before.etcd);
        merged.values = values.over(before.values);
        merged.state = state.over(before.state);
        merged.api = api.over(before.api);
        merged.debug = debug || before.debug;
        merged.help = help || before.help;
        return merged;
    }

    /// These options without what belongs to one source: connection, prefix, API, keys of encryption.
    public SharedOptions withoutSource() {
        SharedOptions changed = new SharedOptions().over(this);
        changed.snapshot = Optional.empty();
        changed.salvage = Optional.empty();
        changed.etcdPrefix = Optional.empty();
        changed.etcd = new EtcdOptions();
        changed.values = values.withoutKeys();
        changed.api = new ApiOptions();
        return changed;
    }

    /// These options with another form of output; empty: each command's own.
    public SharedOptions withOutput(Optional<Format> format) {
        SharedOptions changed = new SharedOptions().over(this);
        changed.output = format;
        return changed;
    }

    /// These options with the database file `file` as their source.
    public SharedOptions withSnapshot(Path file) {
        SharedOptions changed = new SharedOptions().over(this);
        changed.snapshot = Optional.of(file);
        return changed;
    }

    /// These options with live endpoints as their source.
    ///
    /// @param urls with commas between
    public SharedOptions withEndpoints(String urls) {
        SharedOptions changed = new SharedOptions().over(this);
        changed.etcd = etcd.withEndpoints(List.of(urls.split(",", -1)));
        return changed;
    }

    /// These options with another folder for journal, plans and archives.
    public SharedOptions withState(Path folder) {
        SharedOptions changed = new SharedOptions().over(this);
        changed.state = state.in(folder);
        return changed;
    }

    /// These options, with every change refused or not.
    public SharedOptions withReadOnly(boolean refused) {
        SharedOptions changed = new SharedOptions().over(this);
        changed.state = state.readOnly(refused);
        return changed;
    }

    /// These options with a saved connection as their source.
    public SharedOptions withProfile(String name) {
        SharedOptions changed = new SharedOptions().over(this);
        changed.etcd = etcd.withProfile(name);
        return changed;
    }

    /// Whether a source is named: a file, endpoints or a profile.
    public boolean namesTarget() {
        return snapshot.isPresent()
                || !etcd.endpoints().isEmpty()
                || etcd.profile().isPresent();
    }

    public Optional<Path> snapshot() {
        return snapshot;
    }

    public Optional<Salvage.Certainty> salvage() {
        return salvage;
    }

    public Optional<String> etcdPrefix() {
        return etcdPrefix;
    }

    public Optional<Format> output() {
        return output;
    }

    public EtcdOptions etcd() {
        return etcd;
    }

    public ValueOptions values() {
        return values;
    }

    public StateOptions state() {
        return state;
    }

    public ApiOptions api() {
        return api;
    }

    public boolean showSecrets() {
        return values.showSecrets();
    }

    public boolean debug() {
        return debug;
    }

    public boolean help() {
        return help;
    }
}
