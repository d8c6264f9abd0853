package io.etcdmedic.kubernetes;

import io.etcdmedic.bytes.Rows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The built-in resources and where kube-apiserver stores them.
public final class Resources {
    private static final Resources BUILT_IN = new Resources(read());

    private final List<Resource> all;
    private final Map<String, Resource> byFolder = new HashMap<>();

    private Resources(List<Resource> all) {
        this.all = all;
        all.forEach(r -> byFolder.put(r.folder(), r));
    }

    public static Resources builtIn() {
        return BUILT_IN;
    }

    public List<Resource> all() {
        return all;
    }

    /// The resource that an operator means by `word`: `svc`, `Service`, `services`, `deployments.apps`.
    public Optional<Resource> named(String word) {
        return all.stream().filter(r -> r.answersTo(word)).findFirst();
    }

    Optional<Resource> inFolder(String folder) {
        return Optional.ofNullable(byFolder.get(folder));
    }

    private static List<Resource> read() {
        return Rows.of(Resources.class, "resources.tsv").stream()
                .map(Resources::resource)
                .toList();
    }

    private static Resource resource(String[] field) {
        return new Resource(
                field[0],
                field[1],
                field[2],
                field[3].equals("namespaced"),
                field[4],
                field[5],
                field[6].isEmpty() ? List.of() : List.of(field[6].split(",", -1)));
    }
}
