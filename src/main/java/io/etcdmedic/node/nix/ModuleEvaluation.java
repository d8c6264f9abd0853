package io.etcdmedic.node.nix;

import io.etcdmedic.document.Document;
import io.etcdmedic.finding.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Evaluates a configuration with nix, going on where one option fails.
///
/// Each failing option is named, left out, and the rest evaluated again: one mistake hides no other.
final class ModuleEvaluation {
    /// The module of the `sandbox_image` that nixpkgs has since December 2025 (PR 470971).
    static final String SANDBOX = "docker.io/library/pause:latest";

    private static final int SKIPPED_MAX = 60;

    private static final int OPTIONS_NAMED_MAX = 8;

    /// After this no further option is left out and tried without.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern MISSING = Pattern.compile("attribute '([^']+)' missing");
    private static final Pattern HOST_NAMED = Pattern.compile("[\"{\\s]([a-z0-9][a-z0-9-]*)\"?\\s*=\\s*\"[^\"]*\"");
    private final NixFiles files;
    private final NixInstantiate nix;
    private final String configuration;
    private final List<Finding> findings = new ArrayList<>();
    private final long begin = System.nanoTime();

    private ModuleEvaluation(NixFiles files, NixInstantiate nix, String configuration) {
        this.files = files;
        this.nix = nix;
        this.configuration = configuration;
    }

    /// @param configuration the flake's configuration; empty for the only one
    /// @param host the host name to judge for; empty: what the configuration says
    /// @return empty when nothing at all could be evaluated; then the findings say why
    static Outcome of(NixFiles files, String configuration, String host) {
        try (NixInstantiate nix = NixInstantiate.over(files)) {
            ModuleEvaluation evaluation = new ModuleEvaluation(files, nix, configuration);
            Optional<NixConfiguration> found = evaluation.run(host);
            return new Outcome(found, List.copyOf(evaluation.findings));
        }
    }

    record Outcome(Optional<NixConfiguration> configuration, List<Finding> findings) {}

    private Optional<NixConfiguration> run(String host) {
        Optional<NixConfiguration> first = attempt(host);
        Optional<String> other = first.isPresent() && host.isEmpty() ? hostMeant() : Optional.empty();
        if (other.isEmpty()) {
            return first.map(f -> f.with(findings));
        }
        List<Finding> before = List.copyOf(findings);
        findings.clear();
        Optional<NixConfiguration> second = attempt(other.get());
        List<Finding> both = new ArrayList<>(before);
        findings.stream().filter(f -> !both.contains(f)).forEach(both::add);
        both.add(Finding.warning("nix/host-name", other.get())
                .evidence(
                        "for its own host name the configuration does not evaluate; what follows is judged for the host "
                                + other.get() + ", which its files name")
                .consequence("If the node has another name, some of it does not hold.")
                .cure("name the host: medic node nix check --host NAME"));
        findings.clear();
        findings.addAll(both);
        return second.map(s -> s.with(findings));
    }

    private Optional<NixConfiguration> attempt(String host) {
        Set<String> skipped = new LinkedHashSet<>();
        Map<String, String> why = new LinkedHashMap<>();
        while (true) {
            NixInstantiate.Answer answer = nix.evaluate(configuration, host, skipped, SANDBOX);
            if (answer.result().isPresent()) {
                return Optional.of(read(answer.result().get(), host, why));
            }
            NixTrouble trouble = NixTrouble.of(answer.trouble(), nix, files);
            boolean isNew = trouble.option().isPresent()
                    && !skipped.contains(trouble.option().get());
            boolean isLate = System.nanoTime() - begin > PATIENCE.toNanos();
            if (!isNew || skipped.size() >= SKIPPED_MAX || isLate) {
                findings.add(failed(trouble));
                return Optional.empty();
            }
            skipped.add(trouble.option().orElseThrow());
            why.put(trouble.option().orElseThrow(), trouble.message());
            note(trouble);
        }
    }

    /// One mistake breaks many options: it is told once.
    private void note(NixTrouble trouble) {
        Finding finding = failed(trouble);
        for (int i = 0; i < findings.size(); i++) {
            Finding known = findings.get(i);
            if (known.check().equals(finding.check())
                    && known.subject().equals(finding.subject())
                    && known.cure().equals(finding.cure())
                    && known.evidence().contains(trouble.message())) {
                findings.set(i, known.evidence(more(known.evidence(), trouble.option())));
                return;
            }
        }
        findings.add(finding);
    }

    /// The evidence with one more option named, or the first few and no more.
    private static String more(String evidence, Optional<String> option) {
        if (option.isEmpty() || evidence.contains(option.get()) || evidence.endsWith(", …")) {
            return evidence;
        }
        boolean isFull = evidence.chars().filter(c -> c == ',').count() >= OPTIONS_NAMED_MAX;
        return evidence + ", " + (isFull ? "…" : option.get());
    }

    private Finding failed(NixTrouble trouble) {
        String where = trouble.place().map(p -> p + ": ").orElse("");
        String subject = trouble.place()
                .map(Place::toString)
                .or(trouble::inner)
                .orElse(files.subject().getFileName() + "");
        Matcher missing = MISSING.matcher(trouble.message());
        String cure = missing.find()
                ? "define '" + missing.group(1) + "' there, or use the name that is defined"
                : "correct it; then check again";
        if (trouble.isOurs()) {
            return Finding.unknown("nix/evaluation", subject)
                    .evidence(trouble.message())
                    .consequence("What follows from it is not judged, or only as far as literals allow.")
                    .cure("nixos-rebuild dry-build says whether it evaluates at all");
        }
        return Finding.error("nix/evaluation", subject)
                .evidence(where
                        + trouble.message()
                        + trouble.option().map(o -> ", while evaluating " + o).orElse(""))
                .consequence("nixos-rebuild fails with this error, and nothing of the configuration takes effect.")
                .cure(cure);
    }

    /// The host that the files have data for, when the evaluation failed for want of another's.
    private Optional<String> hostMeant() {
        Optional<Place> place = findings.stream()
                .filter(f -> f.check().equals("nix/evaluation")
                        && MISSING.matcher(f.evidence()).find())
                .map(Finding::subject)
                .filter(s -> s.contains(":"))
                .map(s -> new Place(
                        s.substring(0, s.lastIndexOf(':')), Integer.parseInt(s.substring(s.lastIndexOf(':') + 1))))
                .findFirst();
        return place.flatMap(this::hostNear);
    }

    /// `clusterIpv4 = { "srv5" = "51.81.64.31"; }` a line or more above
    /// `clusterIpv4.${config.networking.hostName}`.
    private Optional<String> hostNear(Place place) {
        List<String> lines = files.sources().entrySet().stream()
                .filter(e -> files.shown(e.getKey().toString()).equals(place.file()))
                .flatMap(e -> e.getValue().lines())
                .toList();
        if (place.line() < 1
                || place.line() > lines.size()
                || !lines.get(place.line() - 1).contains("hostName")) {
            return Optional.empty();
        }
        for (int i = place.line() - 1; i >= Math.max(0, place.line() - 40); i--) {
            Matcher matcher = HOST_NAMED.matcher(lines.get(i));
            if (lines.get(i).contains("{") && matcher.find()) {
                return Optional.of(matcher.group(1));
            }
        }
        return Optional.empty();
    }

    private NixConfiguration read(Document result, String host, Map<String, String> why) {
        Map<String, OptionValue> options = new TreeMap<>();
        for (Document row : result.list("options")) {
            String name = row.text("option").orElse("");
            boolean skipped = row.truth("skipped").orElse(false);
            options.put(
                    name,
                    new OptionValue(
                            name,
                            skipped ? Optional.empty() : row.at("value"),
                            places(row),
                            skipped || row.truth("declared").orElse(false),
                            skipped ? why.getOrDefault(name, "it could not be evaluated") : ""));
        }
        missing(result);
        outside(result);
        unknown(options);
        chosen(result);
        Map<String, String> inputs = new TreeMap<>();
        result.list("inputs")
                .forEach(input -> inputs.put(
                        input.text("name").orElse(""), input.text("url").orElse("")));
        String name = !host.isEmpty()
                ? host
                : Optional.ofNullable(options.get("networking.hostName"))
                        .flatMap(OptionValue::value)
                        .flatMap(NixConfiguration::scalar)
                        .orElse("");
        return new NixConfiguration(
                files.subject().toString(),
                NixConfiguration.Method.EVALUATED,
                name,
                options,
                inputs,
                List.copyOf(files.sources().values()),
                List.of());
    }

    private List<Place> places(Document row) {
        return row.list("places").stream()
                .map(p -> new Place(files.shown(p.text("file").orElse("")), (int)
                        p.whole("line").orElse(0)))
                .toList();
    }

    private void missing(Document result) {
        List<String> passed = result.texts("passed");
        for (Document row : result.list("missing")) {
            String argument = row.text("argument").orElse("");
            String file = files.shown(row.text("file").orElse(""));
            Finding finding = Finding.error("nix/argument", argument)
                    .evidence("%s takes the argument %s, and %s"
                            .formatted(
                                    file,
                                    argument,
                                    passed.isEmpty()
                                            ? "nothing passes it"
                                            : "specialArgs passes only " + String.join(", ", passed)))
                    .consequence("The evaluation fails with \"attribute '%s' missing\" as soon as the module uses it."
                            .formatted(argument))
                    .cure(
                            "pass it in the flake: specialArgs = { inherit inputs; %s = inputs.%s…; }; or take it out of the"
                                            .formatted(argument, argument)
                                    + " module's arguments");
            if (!findings.contains(finding)) {
                findings.add(finding);
            }
        }
    }

    private void outside(Document result) {
        List<String> paths = result.texts("outside");
        Finding finding = Finding.unknown("nix/import", String.join(", ", paths))
                .evidence("it lies outside of " + files.folder() + ", and is not read")
                .consequence("What it sets is not judged.")
                .cure("judge it together with the rest: copy both into one folder");
        if (!paths.isEmpty() && !findings.contains(finding)) {
            findings.add(finding);
        }
    }

    /// Of several configurations one was judged.
    private void chosen(Document result) {
        List<String> all = result.texts("configurations");
        String judged = result.text("configuration").orElse("");
        Finding finding = Finding.warning("nix/configuration", judged)
                .evidence("the flake has " + String.join(", ", all) + "; only " + judged + " is judged")
                .consequence("What the others would do is not known.")
                .cure("choose: --configuration NAME");
        if (all.size() > 1 && configuration.isEmpty() && !findings.contains(finding)) {
            findings.add(finding);
        }
    }

    /// A name that no module declares, where the modules declare all that there is.
    private void unknown(Map<String, OptionValue> options) {
        for (OptionValue option : options.values()) {
            boolean closed = option.option().startsWith("services.kubernetes.")
                    || option.option().startsWith("services.etcd.");
            if (closed && !option.declared()) {
                Optional<String> near = Spelling.nearest(option.option(), options.values());
                Finding finding = Finding.error("nix/option", option.option())
                        .evidence("no module declares it" + option.at())
                        .consequence(
                                "nixos-rebuild fails: \"The option `%s' does not exist\".".formatted(option.option()))
                        .cure(near.map(n -> "did you mean " + n + "?")
                                .orElse("see the options of services.kubernetes and services.etcd in your nixpkgs"));
                if (!findings.contains(finding)) {
                    findings.add(finding);
                }
            }
        }
    }
}
