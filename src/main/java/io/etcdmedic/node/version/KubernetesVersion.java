package io.etcdmedic.node.version;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version of Kubernetes or etcd.
///
/// @param patch -1 where only the minor is known
public record KubernetesVersion(int major, int minor, int patch) implements Comparable<KubernetesVersion> {
    private static final Pattern FORM = Pattern.compile("v?(\\d{1,3})\\.(\\d{1,3})(?:\\.(\\d{1,4}))?(?:[-+.~ ].*)?");
    private static final Comparator<KubernetesVersion> ORDER = Comparator.comparingInt(KubernetesVersion::major)
            .thenComparingInt(KubernetesVersion::minor)
            .thenComparingInt(KubernetesVersion::patch);

    /// Reads `1.31`, `v1.26.8`, `v1.26.8-rancher1-1`, `1.31.4+k3s1`; empty for anything else.
    public static Optional<KubernetesVersion> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int patch = matcher.group(3) == null ? -1 : Integer.parseInt(matcher.group(3));
        return Optional.of(
                new KubernetesVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), patch));
    }

    public static KubernetesVersion minor(int major, int minor) {
        return new KubernetesVersion(major, minor, -1);
    }

    /// How many minors this is ahead of `other`; a major counts as a hundred.
    public int minorsAhead(KubernetesVersion other) {
        return (major - other.major) * 100 + minor - other.minor;
    }

    public boolean isBefore(KubernetesVersion other) {
        return compareTo(other) < 0;
    }

    public KubernetesVersion nextMinor() {
        return minor(major, minor + 1);
    }

    public KubernetesVersion toMinor() {
        return minor(major, minor);
    }

    @Override
    public int compareTo(KubernetesVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + (patch < 0 ? "" : "." + patch);
    }
}
