package io.etcdmedic.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds the import table of the README: an import goes only to a lower row, and a library is known in one place.
class ImportTableTest {
    private static final String ROOT = "io.etcdmedic";

    /// Top to bottom. Packages of one row do not know each other.
    private static final List<List<String>> ROWS = List.of(
            List.of(""),
            List.of("shell"),
            List.of("command"),
            List.of("node", "checkup", "runbook"),
            List.of("repair", "finding"),
            List.of("apiserver", "archive", "render", "resource", "kms"),
            List.of("etcd", "snapshot", "codec"),
            List.of("schema", "installation"),
            List.of("keyspace", "bbolt", "kubernetes", "document", "wire", "host"),
            List.of("failure", "bytes"));

    /// A library's package prefix and the only packages of ours that may know it.
    private static final Map<String, List<String>> OWNERS = Map.ofEntries(
            Map.entry("info.picocli", List.of("command", "shell", "")),
            Map.entry("picocli", List.of("command", "shell", "")),
            Map.entry("org.jline", List.of("shell")),
            Map.entry("io.etcd.jetcd", List.of("etcd")),
            Map.entry("io.netty", List.of("etcd", "kms")),
            Map.entry("io.vertx", List.of("etcd")),
            Map.entry("io.grpc", List.of("etcd", "kms")),
            Map.entry("io.kubernetes.client", List.of("apiserver")),
            Map.entry("com.google.protobuf", List.of("schema", "etcd", "kms")),
            Map.entry("tools.jackson", List.of("document")),
            Map.entry("org.snakeyaml", List.of("document")),
            Map.entry("dev.cel", List.of("resource")));

    private static JavaClasses classes = new ClassFileImporter().importClasses(List.of());

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    @Test
    void everyPackageHasItsRow() {
        assertThat(classes).as("classes under " + ROOT).isNotEmpty();
        assertThat(classes)
                .allSatisfy(c -> assertThat(row(packageOf(c)))
                        .as("the row of %s: add its package to ROWS and to the README's table", c.getName())
                        .isPresent());
    }

    @Test
    void importsGoDown() {
        assertThat(breaches((from, to) -> {
                    String source = packageOf(from);
                    String target = packageOf(to);
                    return to.getName().startsWith(ROOT + ".")
                            && !source.equals(target)
                            && row(source).orElseThrow() <= row(target).orElseThrow();
                }))
                .as("imports that do not go to a lower row: move the code, or the wall")
                .isEmpty();
    }

    @Test
    void librariesAreKnownByTheirOwners() {
        assertThat(breaches((from, to) -> OWNERS.entrySet().stream()
                        .anyMatch(owner -> to.getName().startsWith(owner.getKey() + ".")
                                && !owner.getValue().contains(packageOf(from)))))
                .as("libraries used outside the package that owns them")
                .isEmpty();
    }

    @Test
    void onlyMainExits() {
        assertThat(classes.stream()
                        .filter(c -> !c.getName().equals(ROOT + ".Main"))
                        .flatMap(c -> c.getMethodCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().getName().equals("java.lang.System")
                                && call.getName().equals("exit"))
                        .map(Object::toString))
                .as("calls of System.exit outside Main")
                .isEmpty();
    }

    @Test
    void noCommandIsAStringAndNoObjectIsDeserialized() {
        assertThat(breaches((_, to) -> to.getName().equals("java.io.ObjectInputStream")))
                .as("Java deserialization")
                .isEmpty();
        assertThat(classes.stream()
                        .flatMap(c -> c.getMethodCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().getName().equals("java.lang.Runtime")
                                && call.getName().equals("exec"))
                        .map(Object::toString))
                .as("Runtime.exec: use a ProcessBuilder with an argument list, in host")
                .isEmpty();
    }

    private interface Breach {
        boolean test(JavaClass from, JavaClass to);
    }

    private static List<String> breaches(Breach breach) {
        Map<String, String> found = new HashMap<>();
        for (JavaClass from : classes) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass to = dependency.getTargetClass().getBaseComponentType();
                if (breach.test(from, to)) {
                    found.put(from.getName() + " -> " + to.getName(), dependency.getDescription());
                }
            }
        }
        return new ArrayList<>(found.keySet());
    }

    private static String packageOf(JavaClass c) {
        String name = c.getPackageName();
        if (name.equals(ROOT)) {
            return "";
        }
        String below = name.substring(Math.min(name.length(), ROOT.length() + 1));
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }

    private static Optional<Integer> row(String packageName) {
        for (int i = 0; i < ROWS.size(); i++) {
            if (ROWS.get(i).contains(packageName)) {
                return Optional.of(ROWS.size() - i);
            }
        }
        return Optional.empty();
    }
}
