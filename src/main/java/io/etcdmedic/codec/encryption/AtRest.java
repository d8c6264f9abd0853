package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.kubernetes.Resource;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Opens and seals stored values as the apiserver does that was started with one configuration. Safe for many
/// threads.
public final class AtRest {
    private static final String HINT =
            "--encryption-config FILE names the apiserver's EncryptionConfiguration; deleting the key needs none";
    private final Supplier<EncryptionConfiguration> wanted;
    private final KeyService.Opener plugins;
    private final SecureRandom random;
    private final Map<Provider.Kms, KmsCipher> kms = new ConcurrentHashMap<>();

    private Optional<EncryptionConfiguration> known = Optional.empty();

    public AtRest(EncryptionConfiguration configuration, KeyService.Opener plugins, SecureRandom random) {
        this(() -> configuration, plugins, random);
    }

    /// @param wanted asked for the configuration once, when the first value needs it
    public AtRest(Supplier<EncryptionConfiguration> wanted, KeyService.Opener plugins, SecureRandom random) {
        this.wanted = wanted;
        this.plugins = plugins;
        this.random = random;
    }

    private synchronized EncryptionConfiguration configuration() {
        if (known.isEmpty()) {
            known = Optional.of(wanted.get());
        }
        return known.get();
    }

    /// Without any key: what is encrypted stays locked.
    public static AtRest locked() {
        return new AtRest(
                EncryptionConfiguration.NONE,
                provider -> {
                    throw new KeyService.Unavailable("no plugin is named");
                },
                new SecureRandom());
    }

    /// The value as it was before encryption; one that is not encrypted comes back as it is.
    ///
    /// Every key of the resource's providers whose name the value carries is tried in its order, then those of
    /// other rules, so that a value from before a change of the rules can still be read.
    ///
    /// @param path the whole etcd key, which is authenticated data
    /// @param resource what `path` names, if it names an object
    /// @throws Failure.Locked without the right key
    /// @throws Failure.Corrupt when the key is right and the bytes are not
    public Bytes open(Bytes path, Optional<Resource> resource, Bytes value) {
        Optional<Envelope> envelope = Envelope.of(value);
        return envelope.isEmpty() ? value : open(path, resource, envelope.get());
    }

    private Bytes open(Bytes path, Optional<Resource> resource, Envelope envelope) {
        Problem problem = Problem.in("decrypting " + Escape.printable(path));
        if (configuration().rules().isEmpty()) {
            throw new Failure.Locked(problem.found("it is encrypted at rest, " + envelope.label())
                    .hint(HINT));
        }
        List<Opened.Not> failed = new ArrayList<>();
        for (Provider provider : candidates(resource)) {
            for (Opened opened : attempts(provider, envelope, path)) {
                switch (opened) {
                    case Opened.Plain plain -> {
                        return plain.value();
                    }
                    case Opened.Not not -> failed.add(not);
                }
            }
        }
        throw failure(problem, envelope, failed);
    }

    private List<Provider> candidates(Optional<Resource> resource) {
        List<Provider> all =
                new ArrayList<>(resource.map(configuration()::providers).orElse(List.of()));
        all.addAll(configuration().all());
        return all.stream().distinct().toList();
    }

    private List<Opened> attempts(Provider provider, Envelope envelope, Bytes path) {
        if (!provider.word().equals(envelope.provider())) {
            return List.of();
        }
        return switch (provider) {
            case Provider.Identity _ -> List.of();
            case Provider.Kms plugin -> plugin(plugin, envelope, path);
            case Provider.Keyed keyed -> keyed(keyed, envelope, path);
        };
    }

    private List<Opened> keyed(Provider.Keyed provider, Envelope envelope, Bytes path) {
        if (!envelope.version().equals("v1")) {
            return List.of();
        }
        List<Opened> attempts = new ArrayList<>();
        for (EncryptionKey key : provider.keys()) {
            envelope.payload(key.name())
                    .ifPresent(payload -> attempts.add(provider.cipher(key).open(payload, path)));
        }
        return attempts;
    }

    private List<Opened> plugin(Provider.Kms plugin, Envelope envelope, Bytes path) {
        Optional<Bytes> payload = envelope.payload(plugin.name());
        if (payload.isEmpty() || !plugin.apiVersion().equals(envelope.version())) {
            return List.of();
        }
        return plugin.apiVersion().equals("v2")
                ? List.of(cipher(plugin).open(payload.get(), path))
                : List.of(new Opened.Not(
                        Opened.Reason.NO_KEY, "KMS v1 is deprecated, and this program does not speak it"));
    }

    private KmsCipher cipher(Provider.Kms plugin) {
        return kms.computeIfAbsent(plugin, p -> new KmsCipher(plugins.open(p)));
    }

    private Failure failure(Problem problem, Envelope envelope, List<Opened.Not> failed) {
        Problem found = problem.found("it is encrypted at rest, " + envelope.label());
        Optional<Opened.Not> worst = failed.stream().max(Comparator.comparing(Opened.Not::reason));
        if (worst.isEmpty()) {
            return new Failure.Locked(found.found(found.found() + ", and " + missing(envelope))
                    .hint("the configuration must be the one that was in force when the value was written"));
        }
        Problem why = found.found(found.found() + ": " + worst.get().why());
        return switch (worst.get().reason()) {
            case NO_KEY, PLUGIN -> new Failure.Locked(why);
            case WRONG_KEY ->
                new Failure.Locked(
                        why.hint("the configuration must be the one that was in force when the value was written"));
            case DAMAGED, TRUNCATED ->
                new Failure.Corrupt(why.hint("medic history shows whether an older revision is whole"));
            case MOVED ->
                new Failure.Corrupt(
                        why.hint("the apiserver cannot read it here either; it belongs where it was written"));
        };
    }

    /// What the configuration lacks for this value.
    private String missing(Envelope envelope) {
        List<String> names = new ArrayList<>();
        for (Provider provider : configuration().all()) {
            switch (provider) {
                case Provider.Keyed keyed when keyed.word().equals(envelope.provider()) -> names.add(keyed.keyNames());
                case Provider.Kms kmsProvider
                when kmsProvider.word().equals(envelope.provider()) ->
                    names.add(kmsProvider.name() + " (" + kmsProvider.apiVersion() + ")");
                case Provider.Keyed _, Provider.Kms _, Provider.Identity _ -> {}
            }
        }
        return names.isEmpty()
                ? "the configuration has no provider " + Escape.printable(Bytes.utf8(envelope.provider()))
                : "the configuration has other names: "
                        + String.join(", ", names.stream().distinct().toList());
    }

    /// The value as the apiserver would store it: with the first provider of its resource, as it is without one.
    ///
    /// @throws Failure.Refused when that provider cannot write here
    public Bytes seal(Bytes path, Optional<Resource> resource, Bytes plain) {
        Problem problem = Problem.in("encrypting " + Escape.printable(path));
        List<Provider> providers = resource.map(configuration()::providers).orElse(List.of());
        if (providers.isEmpty()) {
            return plain;
        }
        return switch (providers.getFirst()) {
            case Provider.Identity _ -> plain;
            case Provider.Keyed keyed -> {
                EncryptionKey first = keyed.keys().getFirst();
                Bytes sealed = keyed.cipher(first).seal(plain, path, random);
                yield prefix(keyed, "v1", first.name()).concat(sealed);
            }
            case Provider.Kms plugin ->
                prefix(plugin, plugin.apiVersion(), plugin.name()).concat(sealed(plugin, plain, path, problem));
        };
    }

    private Bytes sealed(Provider.Kms plugin, Bytes plain, Bytes path, Problem problem) {
        if (!plugin.apiVersion().equals("v2")) {
            throw new Failure.Refused(problem.found("its resource is written through KMS v1, plugin " + plugin.name())
                    .hint("KMS v1 is deprecated, and this program does not speak it; write through the apiserver"));
        }
        try {
            return cipher(plugin).seal(plain, path, random);
        } catch (KeyService.Unavailable silent) {
            throw new Failure.Unreachable(problem.found("kms v2, plugin " + plugin.name() + ": " + silent.found()))
                    .because(silent);
        }
    }

    private static Bytes prefix(Provider provider, String version, String name) {
        return Envelope.PREFIX.concat(Bytes.utf8(provider.word() + ":" + version + ":" + name + ":"));
    }
}
