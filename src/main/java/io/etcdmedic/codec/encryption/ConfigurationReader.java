package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.encryption.EncryptionConfiguration.Rule;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An EncryptionConfiguration's document as values, refused where the apiserver would refuse it.
///
/// Source: k8s.io/apiserver pkg/apis/apiserver/validation/validation_encryption.go.
final class ConfigurationReader {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final List<Integer> AES_BYTES = List.of(16, 24, 32);
    private static final List<Integer> SECRETBOX_BYTES = List.of(32);
    private static final String PROVIDERS = "aescbc, aesgcm, secretbox, kms or identity";
    private final Problem problem;
    private final Set<String> plugins = new HashSet<>();

    ConfigurationReader(String name) {
        problem = Problem.in("reading the encryption configuration " + name);
    }

    EncryptionConfiguration read(Document document) {
        String kind = document.text("kind").orElse("");
        String version = document.text("apiVersion").orElse("");
        boolean current = kind.equals("EncryptionConfiguration") && version.equals("apiserver.config.k8s.io/v1");
        boolean old = kind.equals("EncryptionConfig") && version.equals("v1");
        if (!current && !old) {
            throw corrupt(
                    "kind '" + kind + "' of apiVersion '" + version + "'",
                    "kind EncryptionConfiguration of apiVersion apiserver.config.k8s.io/v1");
        }
        List<Rule> rules = new ArrayList<>();
        List<Document> list = list(document, "resources", "resources");
        for (int i = 0; i < list.size(); i++) {
            rules.add(rule(list.get(i), "resources[" + i + "]"));
        }
        requireUnmasked(rules);
        return new EncryptionConfiguration(rules);
    }

    private Rule rule(Document rule, String at) {
        List<String> resources = new ArrayList<>();
        List<Document> names = list(rule, "resources", at + ".resources");
        for (int i = 0; i < names.size(); i++) {
            String place = at + ".resources[" + i + "]";
            if (!(names.get(i) instanceof Text name) || name.text().isEmpty()) {
                throw corrupt(place + " is no text", "a resource, as in secrets or deployments.apps");
            }
            requireResource(name.text(), place);
            resources.add(name.text());
        }
        List<Provider> providers = new ArrayList<>();
        List<Document> list = list(rule, "providers", at + ".providers");
        for (int i = 0; i < list.size(); i++) {
            providers.add(provider(list.get(i), at + ".providers[" + i + "]"));
        }
        return new Rule(resources, providers);
    }

    private void requireResource(String name, String at) {
        if (name.equals("*")) {
            throw corrupt(at + " is '*'", "'*.' for the core group, or '*.*' for everything");
        }
        if (name.endsWith(".*") && !name.equals("*.*")) {
            throw corrupt(at + " is '" + name + "'", "one group: a resource of every group cannot be named");
        }
    }

    /// The first rule for a resource must not stand behind one that takes everything.
    private void requireUnmasked(List<Rule> rules) {
        Set<String> before = new HashSet<>();
        for (Rule rule : rules) {
            for (String name : rule.resources()) {
                int dot = name.indexOf('.');
                String group = "*." + (dot < 0 ? "" : name.substring(dot + 1));
                for (String wide : List.of("*.*", group)) {
                    if (!name.equals(wide) && before.contains(wide)) {
                        throw corrupt("the resource " + name + " behind the rule for " + wide, "it before that rule");
                    }
                }
            }
            before.addAll(rule.resources());
        }
    }

    private Provider provider(Document document, String at) {
        Map<String, Document> fields = document instanceof Mapping mapping ? mapping.fields() : Map.of();
        if (fields.size() != 1) {
            throw corrupt(at + " has " + fields.size() + " fields", "one of " + PROVIDERS);
        }
        String word = fields.keySet().iterator().next();
        Document content = fields.getOrDefault(word, Nil.NULL);
        String place = at + "." + word;
        return switch (word) {
            case "identity" -> new Provider.Identity();
            case "aescbc" -> new Provider.AesCbc(keys(content, place, AES_BYTES));
            case "aesgcm" -> new Provider.AesGcm(keys(content, place, AES_BYTES));
            case "secretbox" -> new Provider.SecretBox(keys(content, place, SECRETBOX_BYTES));
            case "kms" -> kms(content, place);
            default -> throw corrupt("a provider that this version does not know, " + place, PROVIDERS);
        };
    }

    private List<EncryptionKey> keys(Document provider, String at, List<Integer> lengths) {
        List<EncryptionKey> keys = new ArrayList<>();
        List<Document> list = list(provider, "keys", at + ".keys");
        for (int i = 0; i < list.size(); i++) {
            String place = at + ".keys[" + i + "]";
            String name = required(list.get(i), "name", place);
            keys.add(new EncryptionKey(
                    name, secret(required(list.get(i), "secret", place), place + ".secret", lengths)));
        }
        return keys;
    }

    private Bytes secret(String base64, String at, List<Integer> lengths) {
        String digits = base64.replace("\n", "").replace("\r", "");
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(digits);
        } catch (IllegalArgumentException wrong) {
            // The cause would quote the key.
            throw corrupt(at + " is not base64", "the key in base64, with its padding");
        }
        if (digits.length() % 4 != 0) {
            throw corrupt(at + " is base64 without its padding", "a number of digits that 4 divides");
        }
        if (!lengths.contains(secret.length)) {
            throw corrupt(
                    at + " is a key of " + secret.length + " bytes",
                    String.join(" or ", lengths.stream().map(Object::toString).toList()) + " bytes");
        }
        return Bytes.owned(secret);
    }

    private Provider kms(Document content, String at) {
        String name = required(content, "name", at);
        String version = content.text("apiVersion").orElse("v1");
        String endpoint = required(content, "endpoint", at);
        if (!version.equals("v1") && !version.equals("v2")) {
            throw corrupt(at + ".apiVersion is '" + version + "'", "v1 or v2");
        }
        if (version.equals("v2") && name.indexOf(':') >= 0) {
            throw corrupt(at + ".name is '" + name + "'", "a name without a colon");
        }
        if (!endpoint.startsWith("unix://")) {
            throw corrupt(at + ".endpoint is '" + endpoint + "'", "a Unix socket, as in unix:///run/kms.sock");
        }
        if (!plugins.add(name) && version.equals("v2")) {
            throw corrupt(at + ".name is '" + name + "' for the second time", "names that differ");
        }
        Duration timeout =
                content.text("timeout").map(text -> duration(text, at)).orElse(TIMEOUT);
        return new Provider.Kms(name, version, endpoint, timeout);
    }

    private Duration duration(String text, String at) {
        return GoDuration.parse(text)
                .filter(Duration::isPositive)
                .orElseThrow(() -> corrupt(at + ".timeout is '" + text + "'", "a time above zero, as in 3s"));
    }

    private String required(Document parent, String field, String at) {
        return parent.text(field)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> corrupt(at + " has no " + field, "a text in " + at + "." + field));
    }

    private List<Document> list(Document parent, String field, String at) {
        Document found = parent.at(field).orElse(Nil.NULL);
        if (!(found instanceof Sequence sequence) || sequence.elements().isEmpty()) {
            throw corrupt("nothing in " + at, "a list with at least one element");
        }
        return sequence.elements();
    }

    private Failure corrupt(String found, String expected) {
        return new Failure.Corrupt(problem.found(found).expected(expected));
    }
}
