package io.etcdmedic.shell.terminal;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.command.Catalog;
import io.etcdmedic.command.Place;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.Words;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.kubernetes.Resources;
import io.etcdmedic.runbook.Runbooks;
import io.etcdmedic.shell.Interpreter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/// What Tab offers: commands, options and their values, kinds, namespaces, names and raw keys.
final class Completion implements Completer {
    /// All that is waited for at one press; with the work in between it must stay below 200 ms.
    private static final Duration WAIT = Duration.ofMillis(120);

    /// Of it, for where objects lie.
    private static final Duration REGISTRY_WAIT = Duration.ofMillis(50);

    private final Interpreter interpreter;
    private final KeyNames names;
    private Optional<Known> known = Optional.empty();
    private long end;

    private record Known(Session of, RegistryKeys registry) {}

    Completion(Interpreter interpreter, KeyNames names) {
        this.interpreter = interpreter;
        this.names = names;
    }

    /// Loads what the first press would otherwise load before the operator's eyes.
    static void warm(Catalog catalog) {
        catalog.find(List.of("get")).ifPresent(row -> {
            Words words = new Words(row, List.of(""));
            var _ = words.positionalLabel();
            var _ = words.options();
            var _ = Resources.builtIn().all();
        });
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        offer(line, candidates);
    }

    /// What may stand at the cursor of `line`, as far as it comes in time.
    void offer(ParsedLine line, List<Candidate> candidates) {
        end = System.nanoTime() + WAIT.toNanos();
        List<String> before = line.words().subList(0, line.wordIndex());
        String typed = line.word();
        if (line.line().substring(0, line.cursor()).matches(".*[>|]\\s*\\S*")) {
            files(typed, candidates);
            return;
        }
        Optional<Catalog.Row> row = interpreter.catalog().find(before);
        if (row.isEmpty() || before.size() < row.get().path().size()) {
            commands(before, typed, candidates);
        } else {
            List<String> arguments = before.subList(row.get().path().size(), before.size());
            argument(new Words(row.get(), arguments), typed, candidates);
        }
    }

    /// How long may still be waited.
    private Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private void commands(List<String> before, String typed, List<Candidate> candidates) {
        int depth = before.size();
        for (Catalog.Row row : interpreter.catalog().rows()) {
            boolean goesOn =
                    row.path().size() > depth && row.path().subList(0, depth).equals(before);
            if (goesOn && row.path().get(depth).startsWith(typed)) {
                String word = row.path().get(depth);
                boolean whole = row.path().size() == depth + 1;
                add(candidates, word, whole ? row.summary() : "", row.group(), true);
            }
        }
        if (depth == 0 && "help".startsWith(typed)) {
            add(candidates, "help", "the commands, or one of them", "about", true);
        } else if (before.equals(List.of("help"))) {
            commands(List.of(), typed, candidates);
        }
    }

    private void argument(Words words, String typed, List<Candidate> candidates) {
        if (typed.startsWith("-") && typed.contains("=")) {
            int equals = typed.indexOf('=');
            String option = typed.substring(0, equals + 1);
            List<Candidate> values = new ArrayList<>();
            String label = words.label(typed.substring(0, equals)).orElse("");
            value(words, option.equals("--profile=") ? "PROFILE" : label, typed.substring(equals + 1), values);
            values.forEach(v -> add(candidates, option + v.value(), "", "", v.complete()));
            return;
        }
        if (typed.startsWith("-")) {
            words.options().forEach((name, description) -> {
                if (name.startsWith(typed)) {
                    add(candidates, name, description, "options", true);
                }
            });
            return;
        }
        if (words.pendingLabel().isPresent()) {
            boolean profile = words.pendingOption().equals("--profile");
            value(words, profile ? "PROFILE" : words.pendingLabel().get(), typed, candidates);
        } else {
            positional(words, typed, candidates);
        }
    }

    private void positional(Words words, String typed, List<Candidate> candidates) {
        String label = words.positionalLabel();
        SavedNames saved = new SavedNames(interpreter.opened());
        switch (label) {
            case "ID" -> described(saved.entries(left()), typed, candidates);
            // Only of the commands about profiles.
            case "NAME" -> described(saved.profiles(left()), typed, candidates);
            case "SOURCE" -> {
                described(saved.profiles(left()), typed, candidates);
                files(typed, candidates);
            }
            default -> value(words, label, typed, candidates);
        }
    }

    private static void described(Map<String, String> names, String typed, List<Candidate> candidates) {
        names.forEach((name, what) -> {
            if (name.startsWith(typed)) {
                add(candidates, name, what, "", true);
            }
        });
    }

    private void value(Words words, String label, String typed, List<Candidate> candidates) {
        switch (label) {
            case "KEY" -> keyWords(words, typed, candidates);
            case "PREFIX", "FOLDER" -> {
                keys(typed, candidates);
                kinds(typed, candidates);
            }
            case "FORMAT" -> fixed(words.formats(), typed, candidates);
            case "NAME" -> namespaces(typed, candidates);
            case "PROFILE" -> described(new SavedNames(interpreter.opened()).profiles(left()), typed, candidates);
            case "RUNBOOK" ->
                Runbooks.all().stream()
                        .filter(runbook -> runbook.name().startsWith(typed))
                        .forEach(runbook -> add(candidates, runbook.name(), runbook.when(), "", true));
            case "FILE", "DIR", "DB" -> files(typed, candidates);
            default -> {}
        }
    }

    private void keyWords(Words words, String typed, List<Candidate> candidates) {
        List<String> plain = words.plain();
        Optional<Resource> kind = plain.stream()
                .flatMap(word -> Resources.builtIn().named(word).stream())
                .findFirst();
        int slash = typed.indexOf('/');
        if (kind.isPresent()) {
            objects(kind.get(), words.namespace(), "", typed, candidates);
        } else if (slash > 0
                && Resources.builtIn().named(typed.substring(0, slash)).isPresent()) {
            Resource named =
                    Resources.builtIn().named(typed.substring(0, slash)).orElseThrow();
            objects(named, words.namespace(), typed.substring(0, slash + 1), typed.substring(slash + 1), candidates);
        } else {
            keys(typed, candidates);
            kinds(typed, candidates);
        }
    }

    private void objects(
            Resource kind, Optional<String> namespace, String before, String typed, List<Candidate> candidates) {
        registry().ifPresent(registry -> {
            String within = namespace
                    .or(() -> interpreter.place().flatMap(at -> registry.namespaceOf(at.path())))
                    .orElse("default");
            String folder = registry.folderOf(kind, Optional.of(within));
            HalfKey.of(typed).ifPresent(half -> {
                Bytes start = Bytes.utf8(folder).concat(Escape.parse(half.whole()));
                for (Bytes name : names.below(start, left())) {
                    half.with(name.slice(start.length(), name.length()))
                            .ifPresent(word -> add(candidates, before + word, "", "", true));
                }
            });
        });
    }

    private void kinds(String typed, List<Candidate> candidates) {
        String small = typed.toLowerCase(Locale.ROOT);
        for (Resource resource : Resources.builtIn().all()) {
            String shorts = String.join(",", resource.shortNames());
            if (resource.plural().startsWith(small)) {
                add(candidates, resource.plural(), shorts, "kinds", true);
            } else if (!typed.isEmpty() && resource.shortNames().stream().anyMatch(s -> s.startsWith(small))) {
                for (String name : resource.shortNames()) {
                    if (name.startsWith(small)) {
                        add(candidates, name, resource.plural(), "kinds", true);
                    }
                }
            }
        }
    }

    /// Keys step by step: what is typed, and on to the next slash.
    private void keys(String typed, List<Candidate> candidates) {
        Place here = interpreter.place().orElse(Place.ROOT);
        HalfKey.of(typed).ifPresent(half -> {
            // What begins with an escape is a whole key, as it will be when it is read.
            Bytes start = typed.startsWith("\\") ? Escape.parse(half.whole()) : here.resolve(half.whole());
            for (Bytes name : names.below(start, left())) {
                boolean folder = name.at(name.length() - 1) == '/';
                half.with(name.slice(start.length(), name.length()))
                        .ifPresent(word -> add(candidates, word, "", "keys", !folder));
            }
        });
    }

    private void namespaces(String typed, List<Candidate> candidates) {
        registry().ifPresent(registry -> {
            String folder = registry.prefix() + "/namespaces/";
            for (Bytes name : names.below(Bytes.utf8(folder + typed), left())) {
                add(candidates, Escape.printable(name).substring(folder.length()), "", "", true);
            }
        });
    }

    /// Where objects lie; a source that is not open yet is not waited for.
    private Optional<RegistryKeys> registry() {
        Session opened = interpreter.opened();
        if (known.isEmpty() || known.get().of != opened) {
            known = names.within(opened::registry, REGISTRY_WAIT).map(found -> new Known(opened, found));
        }
        return known.map(Known::registry);
    }

    private void files(String typed, List<Candidate> candidates) {
        Path path = Path.of(typed.isEmpty() ? "." : typed);
        boolean inside = typed.isEmpty() || typed.endsWith("/");
        Path folder = inside ? path : Optional.ofNullable(path.getParent()).orElse(Path.of("."));
        String before = typed.substring(0, typed.lastIndexOf('/') + 1);
        String start = typed.substring(before.length());
        // A folder may lie on a server that is gone.
        List<String> found = KeyNames.apart(() -> Words.files(folder), left()).orElse(List.of());
        for (String name : found) {
            boolean hidden = name.startsWith(".") && !start.startsWith(".");
            if (name.startsWith(start) && !hidden && name.equals(Escape.line(name))) {
                add(candidates, before + name, "", "files", !name.endsWith("/"));
            }
        }
    }

    private static void fixed(List<String> values, String typed, List<Candidate> candidates) {
        values.stream().filter(v -> v.startsWith(typed)).forEach(v -> add(candidates, v, "", "", true));
    }

    private static void add(
            List<Candidate> candidates, String value, String description, String group, boolean complete) {
        candidates.add(new Candidate(
                value,
                Escape.multiline(value),
                group.isEmpty() ? null : group,
                description.isEmpty() ? null : Escape.multiline(description),
                null,
                null,
                complete));
    }
}
