package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.YamlReader;
import io.etcdmedic.kubernetes.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What the apiserver was told about encryption at rest: for each resource the providers, the first of which
/// writes.
///
/// Source: k8s.io/apiserver pkg/apis/apiserver/v1 types_encryption.go, and
/// pkg/server/options/encryptionconfig/config.go.
public record EncryptionConfiguration(List<Rule> rules) {
    public static final EncryptionConfiguration NONE = new EncryptionConfiguration(List.of());

    public EncryptionConfiguration {
        rules = List.copyOf(rules);
    }

    /// @param resources `secrets`, `deployments.apps`, `*.apps`, `*.` (the core group), `*.*`
    public record Rule(List<String> resources, List<Provider> providers) {
        public Rule {
            resources = List.copyOf(resources);
            providers = List.copyOf(providers);
        }
    }

    /// Reads YAML or JSON: kind `EncryptionConfiguration` of `apiserver.config.k8s.io/v1`, or the old
    /// `EncryptionConfig` of `v1`.
    ///
    /// @param name the file, for messages
    /// @throws io.etcdmedic.failure.Failure.Corrupt with the place:
    /// `resources[0].providers[1].aescbc.keys[0].secret`;
    ///     never with a byte of a key
    public static EncryptionConfiguration read(Bytes yaml, String name) {
        return new ConfigurationReader(name).read(YamlReader.read(yaml, name));
    }

    /// The providers of `resource`, in order: rules that name it come before `*.GROUP`, and that before `*.*`.
    public List<Provider> providers(Resource resource) {
        String group = resource.group();
        for (Set<String> spellings : List.of(
                group.isEmpty() ? Set.of(resource.plural(), resource.plural() + ".") : Set.of(resource.qualified()),
                Set.of("*." + group),
                Set.of("*.*"))) {
            List<Provider> found = new ArrayList<>();
            for (Rule rule : rules) {
                if (rule.resources().stream().anyMatch(spellings::contains)) {
                    found.addAll(rule.providers());
                }
            }
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    /// Every provider of every rule, in order.
    public List<Provider> all() {
        return rules.stream().flatMap(rule -> rule.providers().stream()).toList();
    }
}
