package io.etcdmedic.node.nix;

import io.etcdmedic.document.Document;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.nix.literal.Evaluator;
import io.etcdmedic.node.nix.literal.Parser;
import io.etcdmedic.node.nix.literal.SyntaxFault;
import io.etcdmedic.node.nix.literal.Term;
import io.etcdmedic.node.nix.literal.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Reads a configuration without nix, as far as literals allow, and says what could not be read.
final class LiteralReader {
    /// The module's defaults that decide something. Source: nixpkgs nixos/modules, as options.nix has them.
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("services.kubernetes.apiserver.serviceClusterIpRange", RangeCheck.DEFAULT_SERVICES),
            Map.entry("services.kubernetes.clusterCidr", RangeCheck.DEFAULT_PODS),
            Map.entry("services.kubernetes.apiserver.serviceAccountIssuer", "https://kubernetes.default.svc"),
            Map.entry("services.kubernetes.apiserver.apiAudiences", "api,https://kubernetes.default.svc"),
            Map.entry("services.kubernetes.apiserver.authorizationMode", "RBAC,Node"),
            Map.entry("services.kubernetes.kubelet.clusterDomain", "cluster.local"),
            Map.entry("services.kubernetes.dataDir", "/var/lib/kubernetes"),
            Map.entry("services.etcd.initialClusterState", "new"),
            Map.entry("services.etcd.dataDir", "/var/lib/etcd"),
            Map.entry("services.kubernetes.apiserver.allowPrivileged", "false"),
            Map.entry("services.kubernetes.controllerManager.allocateNodeCIDRs", "true"),
            Map.entry(
                    "services.kubernetes.apiserver.enableAdmissionPlugins",
                    "NamespaceLifecycle,LimitRanger,ServiceAccount,ResourceQuota,DefaultStorageClass,DefaultTolerationSeconds,NodeRestriction"));

    private static final Pattern PACKAGE = Pattern.compile("pkgs(\\.[\\w-]+)+");
    private static final int NAME_CHARACTERS_MAX = 200;

    private static final Map<String, String> INHERITED = Map.of(
            "services.kubernetes.controllerManager.clusterCidr", "services.kubernetes.clusterCidr",
            "services.kubernetes.apiserver.clientCaFile", "services.kubernetes.caFile",
            "services.kubernetes.apiserver.kubeletClientCaFile", "services.kubernetes.caFile",
            "services.kubernetes.controllerManager.rootCaFile", "services.kubernetes.caFile",
            "services.kubernetes.kubelet.clientCaFile", "services.kubernetes.caFile",
            "services.etcd.peerTrustedCaFile", "services.etcd.trustedCaFile");

    private final NixFiles files;
    private final String host;
    private final Map<String, OptionValue> options = new TreeMap<>();
    private final Map<String, Integer> priorities = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> unread = new ArrayList<>();

    private LiteralReader(NixFiles files, String host) {
        this.files = files;
        this.host = host;
    }

    static NixConfiguration read(NixFiles files, String host) {
        LiteralReader reader = new LiteralReader(files, host);
        for (Map.Entry<Path, String> source : files.sources().entrySet()) {
            if (!source.getKey().endsWith("flake.nix")) {
                reader.file(source.getKey(), source.getValue());
            }
        }
        reader.say();
        reader.defaults();
        return new NixConfiguration(
                files.subject().toString(),
                NixConfiguration.Method.LITERALS,
                host,
                reader.options,
                Map.of(),
                List.copyOf(files.sources().values()),
                reader.findings);
    }

    private void file(Path path, String text) {
        String shown = files.shown(path.toString());
        try {
            Term term = Parser.parse(text);
            if (new Evaluator(host).module(term) instanceof Value.Attributes module) {
                Value config = module.fields().containsKey("config")
                        ? module.fields().get("config").value()
                        : module;
                imports(path, module);
                walk("", config, shown, 0, 100);
            }
        } catch (SyntaxFault fault) {
            findings.add(fault.isBeyond() ? beyond(fault, shown) : broken(fault, shown));
        }
    }

    /// What a module imports is read when it was read with it; else it is said.
    private void imports(Path path, Value.Attributes module) {
        Value imports = module.fields().containsKey("imports")
                ? module.fields().get("imports").value()
                : new Value.Sequence(List.of());
        List<Value> all = imports instanceof Value.Sequence sequence ? sequence.elements() : List.of(imports);
        for (Value imported : all) {
            boolean known = imported instanceof Value.Opaque opaque
                    && files.imported(path, opaque.name()).isPresent();
            if (!known && !(imported instanceof Value.Attributes)) {
                unread.add("an import of " + files.shown(path.toString())
                        + (imported instanceof Value.Opaque opaque ? ": " + opaque.name() : ""));
            }
        }
    }

    private static Finding beyond(SyntaxFault fault, String shown) {
        return Finding.unknown("nix/unread", shown + ":" + fault.line())
                .evidence("it is " + fault.found() + ", which is not read without nix")
                .consequence("Nothing of this file is judged.")
                .cure("judge where nix is installed");
    }

    private static Finding broken(SyntaxFault fault, String shown) {
        return Finding.error("nix/syntax", shown + ":" + fault.line())
                .evidence(fault.found())
                .consequence("nixos-rebuild fails with a syntax error, and nothing of the configuration takes effect.")
                .cure("correct it; then check again");
    }

    private void walk(String option, Value value, String file, int line, int priority) {
        switch (value) {
            case Value.Attributes attributes -> {
                boolean isPackage = option.isEmpty();
                attributes
                        .fields()
                        .forEach((name, attribute) -> walk(
                                isPackage ? name : option + "." + name,
                                attribute.value(),
                                file,
                                attribute.line(),
                                priority));
            }
            case Value.Override override -> walk(option, override.value(), file, line, override.priority());
            case Value.Merge merge -> merge.values().forEach(v -> walk(option, v, file, line, priority));
            case Value.Nothing _ -> {}
            case Value.Known known -> set(option, Optional.of(known.document()), "", file, line, priority);
            case Value.Sequence list -> sequence(option, list, file, line, priority);
            case Value.Opaque opaque -> opaque(option, opaque, file, line, priority);
            case Value.Function _, Value.Partial _ ->
                set(option, Optional.empty(), "it is a function", file, line, priority);
        }
    }

    private void sequence(String option, Value.Sequence list, String file, int line, int priority) {
        List<Document> elements = new ArrayList<>();
        for (Value element : list.elements()) {
            document(element).ifPresent(elements::add);
        }
        boolean whole = elements.size() == list.elements().size();
        set(
                option,
                whole ? Optional.of(new Document.Sequence(elements)) : Optional.empty(),
                whole ? "" : "an element of the list is computed",
                file,
                line,
                priority);
    }

    private void opaque(String option, Value.Opaque opaque, String file, int line, int priority) {
        Optional<Document> document = document(opaque);
        set(option, document, document.isPresent() ? "" : "it is computed: " + opaque.name(), file, line, priority);
    }

    private static Optional<Document> document(Value value) {
        return switch (value) {
            case Value.Known known -> Optional.of(known.document());
            case Value.Override override -> document(override.value());
            case Value.Opaque opaque
            when opaque.name().length() <= NAME_CHARACTERS_MAX
                    && PACKAGE.matcher(opaque.name()).matches() -> {
                SequencedMap<String, Document> fields = new LinkedHashMap<>();
                fields.put("package", new Document.Text(opaque.name()));
                fields.put("name", new Document.Text(opaque.name().replaceFirst("^.*\\.", "")));
                fields.put("version", new Document.Text(""));
                yield Optional.of(new Document.Mapping(fields));
            }
            case Value.Opaque _,
                    Value.Sequence _,
                    Value.Attributes _,
                    Value.Function _,
                    Value.Partial _,
                    Value.Merge _,
                    Value.Nothing _ -> Optional.empty();
        };
    }

    private void set(String option, Optional<Document> value, String trouble, String file, int line, int priority) {
        boolean ours = option.startsWith("services.kubernetes.")
                || option.startsWith("services.etcd.")
                || option.startsWith("virtualisation.containerd.")
                || option.startsWith("systemd.services.")
                || option.startsWith("systemd.tmpfiles.")
                || option.startsWith("system.activationScripts.")
                || option.equals("networking.hostName");
        if (!ours || priorities.getOrDefault(option, Integer.MAX_VALUE) < priority) {
            return;
        }
        priorities.put(option, priority);
        options.put(option, new OptionValue(option, value, List.of(new Place(file, line)), true, trouble));
        if (value.isEmpty()) {
            unread.add("%s (%s:%d): %s".formatted(option, file, line, trouble));
        }
    }

    private void say() {
        if (!unread.isEmpty()) {
            findings.add(Finding.unknown("nix/unread", files.subject().getFileName() + "")
                    .evidence("not literals: " + String.join("; ", unread))
                    .consequence("What they are worth is not judged.")
                    .cure("judge where nix is installed"));
        }
    }

    /// Defaults for what is on; an option that is set and could not be read keeps no value.
    private void defaults() {
        DEFAULTS.forEach((option, value) -> options.putIfAbsent(option, byDefault(option, value)));
        INHERITED.forEach((option, from) -> {
            OptionValue source = options.get(from);
            if (source != null && !options.containsKey(option)) {
                options.put(option, new OptionValue(option, source.value(), List.of(), true, source.trouble()));
            }
        });
    }

    private static OptionValue byDefault(String option, String value) {
        Document document = switch (option.substring(option.lastIndexOf('.') + 1)) {
            case "allowPrivileged", "allocateNodeCIDRs" -> Document.Truth.of(value.equals("true"));
            case "authorizationMode", "enableAdmissionPlugins" ->
                new Document.Sequence(NixText.items(value).stream()
                        .<Document>map(Document.Text::new)
                        .toList());
            default -> new Document.Text(value);
        };
        return new OptionValue(option, Optional.of(document), List.of(), true, "");
    }
}
