package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.ArrayList;
import java.util.List;

/// Which objects, by their fields: `metadata.name=web,status.phase!=Running`. Any path is taken; kubectl's are some.
public final class FieldSelector {
    private final List<Requirement> requirements;

    private FieldSelector(List<Requirement> requirements) {
        this.requirements = requirements;
    }

    private record Requirement(JsonPath path, boolean equal, String value) {}

    /// @throws Failure.Usage with the part that was not understood
    public static FieldSelector parse(String text) {
        List<Requirement> requirements = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new Failure.Usage(Problem.in("reading the field selector '" + text + "'")
                        .found("'" + part + "'")
                        .expected("as in metadata.name=web or status.phase!=Running, joined by commas"));
            }
            boolean not = part.charAt(equals - 1) == '!';
            String value = part.substring(equals + 1);
            requirements.add(new Requirement(
                    JsonPath.parse(part.substring(0, not ? equals - 1 : equals).strip()),
                    !not,
                    value.startsWith("=") ? value.substring(1) : value));
        }
        return new FieldSelector(List.copyOf(requirements));
    }

    public boolean matches(Document object) {
        return requirements.stream()
                .allMatch(r -> r.equal()
                        == r.path()
                                .first(object)
                                .flatMap(Subject::scalar)
                                .orElse("")
                                .equals(r.value()));
    }
}
