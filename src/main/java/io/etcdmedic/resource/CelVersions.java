package io.etcdmedic.resource;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.util.Optional;

/// `semver` as the kube-apiserver's CEL has it.
///
/// Source: k8s.io/apiserver pkg/cel/library/semverlib.go.
final class CelVersions {
    private static final CelType SEMVER = OpaqueType.create("kubernetes.Semver");
    private static final Class<SemanticVersion> VERSION = SemanticVersion.class;

    private CelVersions() {}

    static void addTo(CelLibrary library) {
        read(library);
        library.member("major", "semver_major", SEMVER, SimpleType.INT, VERSION, SemanticVersion::major);
        library.member("minor", "semver_minor", SEMVER, SimpleType.INT, VERSION, SemanticVersion::minor);
        library.member("patch", "semver_patch", SEMVER, SimpleType.INT, VERSION, SemanticVersion::patch);
        library.binary("compareTo", "semver_compare_to", SEMVER, SEMVER, SimpleType.INT, VERSION, VERSION, (a, b) ->
                (long) a.compareTo(b));
        library.binary(
                "isLessThan",
                "semver_is_less_than",
                SEMVER,
                SEMVER,
                SimpleType.BOOL,
                VERSION,
                VERSION,
                (a, b) -> a.compareTo(b) < 0);
        library.binary(
                "isGreaterThan",
                "semver_is_greater_than",
                SEMVER,
                SEMVER,
                SimpleType.BOOL,
                VERSION,
                VERSION,
                (a, b) -> a.compareTo(b) > 0);
    }

    private static void read(CelLibrary library) {
        library.global("semver", "string_to_semver", SimpleType.STRING, SEMVER, String.class, s -> version(s, false));
        library.global(
                "semver",
                "string_bool_to_semver",
                SimpleType.STRING,
                SimpleType.BOOL,
                SEMVER,
                String.class,
                Boolean.class,
                CelVersions::version);
        library.global(
                "isSemver",
                "is_semver_string",
                SimpleType.STRING,
                SimpleType.BOOL,
                String.class,
                s -> parse(s, false).isPresent());
        library.global(
                "isSemver",
                "is_semver_string_bool",
                SimpleType.STRING,
                SimpleType.BOOL,
                SimpleType.BOOL,
                String.class,
                Boolean.class,
                (s, normalize) -> parse(s, normalize).isPresent());
    }

    private static Optional<SemanticVersion> parse(String text, boolean normalize) {
        return normalize ? SemanticVersion.parseLoosely(text) : SemanticVersion.parse(text);
    }

    private static SemanticVersion version(String text, boolean normalize) {
        return parse(text, normalize)
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no semantic version"));
    }
}
