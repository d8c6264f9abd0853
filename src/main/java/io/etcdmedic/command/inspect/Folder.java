package io.etcdmedic.command.inspect;

import io.etcdmedic.render.Content;
import java.util.LinkedHashMap;
import java.util.Map;

/// Keys counted by the steps between their slashes.
final class Folder {
    private final String name;
    private final Map<String, Folder> children = new LinkedHashMap<>();
    private long keys;

    Folder(String name) {
        this.name = name;
    }

    /// Counts `key` (which begins with this folder's name), at most `depth` folders deep.
    void add(String key, int depth) {
        keys++;
        String below = key.substring(Math.min(name.length(), key.length()));
        Folder at = this;
        int from = 0;
        for (int level = 0; level < depth && from < below.length(); level++) {
            int slash = below.indexOf('/', from + 1);
            int end = slash < 0 ? below.length() : slash + 1;
            at = at.children.computeIfAbsent(below.substring(from, end), Folder::new);
            at.keys++;
            from = end;
        }
    }

    Content.Branch branch() {
        return new Content.Branch(
                name.isEmpty() ? "(all keys)" : name,
                keys,
                children.values().stream().map(Folder::branch).toList());
    }
}
