package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which objects, by their labels: `app=web,tier!=db,env in (a,b),!legacy,owner`.
///
/// Source: k8s.io/apimachinery pkg/labels/selector.go.
public final class LabelSelector {
    private static final String NAME = "[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?";
    private static final Pattern SET = Pattern.compile("(" + NAME + ")\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EQUALITY = Pattern.compile("(" + NAME + ")\\s*(==|=|!=|>|<)\\s*([A-Za-z0-9._-]*)");
    private static final Pattern EXISTENCE = Pattern.compile("(!?)\\s*(" + NAME + ")");
    private final List<Requirement> requirements;

    private LabelSelector(List<Requirement> requirements) {
        this.requirements = requirements;
    }

    private record Requirement(String key, String operator, Set<String> values) {
        boolean matches(Optional<String> value) {
            return switch (operator) {
                case "exists" -> value.isPresent();
                case "!" -> value.isEmpty();
                case "in" -> value.filter(values::contains).isPresent();
                case "notin" -> value.filter(values::contains).isEmpty();
                default -> value.filter(this::ordered).isPresent();
            };
        }

        private boolean ordered(String value) {
            String bound = values.iterator().next();
            if (!value.matches("-?[0-9]{1,18}") || !bound.matches("-?[0-9]{1,18}")) {
                return false;
            }
            int order = Long.compare(Long.parseLong(value), Long.parseLong(bound));
            return operator.equals(">") ? order > 0 : order < 0;
        }
    }

    /// @throws Failure.Usage with the part that was not understood
    public static LabelSelector parse(String text) {
        List<Requirement> requirements = new ArrayList<>();
        for (String part : parts(text)) {
            requirements.add(requirement(part.strip(), text));
        }
        return new LabelSelector(List.copyOf(requirements));
    }

    /// Whether an object carries such labels.
    public boolean matches(Document object) {
        return matches(new Subject(object, Instant.EPOCH, false).texts("metadata", "labels"));
    }

    /// Cuts at the commas outside parentheses.
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static Requirement requirement(String part, String whole) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            Set<String> values = new TreeSet<>();
            for (String value : set.group(3).split(",", -1)) {
                values.add(value.strip());
            }
            return new Requirement(set.group(1), set.group(2), values);
        }
        Matcher equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            String operator = equality.group(2);
            String kind = operator.equals("!=") ? "notin" : operator.startsWith("=") ? "in" : operator;
            return new Requirement(equality.group(1), kind, Set.of(equality.group(3)));
        }
        Matcher existence = EXISTENCE.matcher(part);
        if (existence.matches()) {
            return new Requirement(existence.group(2), existence.group(1).isEmpty() ? "exists" : "!", Set.of());
        }
        throw new Failure.Usage(Problem.in("reading the label selector '" + whole + "'")
                .found("'" + part + "'")
                .expected("as in app=web, app!=web, 'app in (web,db)', app or '!app', joined by commas"));
    }

    public boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(r -> r.matches(Optional.ofNullable(labels.get(r.key()))));
    }
}
