package io.etcdmedic.node.nix;

import io.etcdmedic.document.Document;
import io.etcdmedic.finding.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a configuration says, option by option.
///
/// @param source the file or folder that was read
/// @param method how: evaluated by nix, or read as far as literals allow
/// @param host the host name that it was judged for
/// @param options by name: `services.kubernetes.apiserver.serviceClusterIpRange`
/// @param inputs a flake's inputs with their URLs
/// @param sources the text of every file
/// @param findings what went wrong while reading
public record NixConfiguration(
        String source,
        Method method,
        String host,
        Map<String, OptionValue> options,
        Map<String, String> inputs,
        List<String> sources,
        List<Finding> findings) {
    public NixConfiguration {
        options = Map.copyOf(options);
        inputs = Map.copyOf(inputs);
        sources = List.copyOf(sources);
        findings = List.copyOf(findings);
    }

    /// How the values came to be known.
    public enum Method {
        EVALUATED("evaluated by nix"),
        LITERALS("read as far as literals allow");

        private final String words;

        Method(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    NixConfiguration with(List<Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        return new NixConfiguration(source, method, host, options, inputs, sources, all);
    }

    public Optional<OptionValue> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    public Optional<Document> value(String name) {
        return option(name).flatMap(OptionValue::value).filter(v -> !(v instanceof Document.Nil));
    }

    /// The text of an option; also that of a number or a boolean, as a flag would show it.
    public Optional<String> text(String name) {
        return value(name).flatMap(NixConfiguration::scalar);
    }

    public boolean isOn(String name) {
        return value(name).filter(Document.Truth.TRUE::equals).isPresent();
    }

    public List<String> texts(String name) {
        return value(name)
                .map(v -> v instanceof Document.Sequence s
                        ? s.elements().stream().flatMap(e -> scalar(e).stream()).toList()
                        : scalar(v).stream().toList())
                .orElse(List.of());
    }

    public boolean isSet(String name) {
        return option(name).map(OptionValue::isSet).orElse(false);
    }

    /// ` (kubernetes.nix:58)`, or `` when nothing defines the option.
    public String at(String name) {
        return option(name).map(OptionValue::at).orElse("");
    }

    /// Whether anything of Kubernetes is on.
    public boolean isNode() {
        return options.keySet().stream()
                .filter(name -> name.startsWith("services.kubernetes.") && name.endsWith(".enable"))
                .filter(name -> name.matches("services\\.kubernetes\\.[A-Za-z]+\\.enable"))
                .anyMatch(this::isOn);
    }

    /// The options below `prefix`, by what follows it.
    public Map<String, OptionValue> below(String prefix) {
        Map<String, OptionValue> found = new TreeMap<>();
        options.forEach((name, option) -> {
            if (name.startsWith(prefix + ".")) {
                found.put(name.substring(prefix.length() + 1), option);
            }
        });
        return found;
    }

    static Optional<String> scalar(Document document) {
        return switch (document) {
            case Document.Text text -> Optional.of(text.text());
            case Document.Whole whole -> Optional.of(Long.toString(whole.number()));
            case Document.Truth truth -> Optional.of(Boolean.toString(truth.value()));
            case Document.Decimal decimal -> Optional.of(decimal.lexeme());
            case Document.Mapping _, Document.Sequence _, Document.Nil _, Document.Redacted _ -> Optional.empty();
        };
    }
}
