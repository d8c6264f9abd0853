package io.etcdmedic.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads POSIX access lists with the `getfacl` tool: Java has no view of them on Linux.
final class Getfacl {
    private Getfacl() {}

    /// The extra entries of the access list; empty when `getfacl` is not there or fails.
    static Optional<List<AclEntry>> read(Path file) {
        ToolAnswer answer = Tools.run(
                ToolCall.of("getfacl", "--omit-header", "--numeric", "--absolute-names", "--", file.toString()));
        return answer instanceof ToolAnswer.Ran ran && ran.ok() ? Optional.of(parse(ran.stdout())) : Optional.empty();
    }

    /// Lines as `user:988:r--`, `group::r-x`, `mask::r--`; a list without a mask is a plain mode.
    static List<AclEntry> parse(String text) {
        List<AclEntry> entries = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] parts = line.split(":", -1);
            if (parts.length >= 3) {
                entry(parts[0], parts[1], parts[2]).ifPresent(entries::add);
            }
        }
        boolean extended = entries.stream().anyMatch(e -> e.kind() == AclEntry.Kind.MASK);
        return extended ? entries : List.of();
    }

    private static Optional<AclEntry> entry(String tag, String id, String rights) {
        int bits = (rights.startsWith("r") ? 4 : 0)
                | (rights.startsWith("w", 1) ? 2 : 0)
                | (rights.startsWith("x", 2) ? 1 : 0);
        return switch (tag) {
            case "user" -> number(id).map(n -> new AclEntry(AclEntry.Kind.USER, n, bits));
            case "group" ->
                Optional.of(number(id)
                        .map(n -> new AclEntry(AclEntry.Kind.GROUP, n, bits))
                        .orElse(new AclEntry(AclEntry.Kind.OWNING_GROUP, -1, bits)));
            case "mask" -> Optional.of(new AclEntry(AclEntry.Kind.MASK, -1, bits));
            default -> Optional.empty();
        };
    }

    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.parseInt(text));
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }
}
