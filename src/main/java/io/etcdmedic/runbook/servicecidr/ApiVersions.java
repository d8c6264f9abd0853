package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.installation.Part;
import io.etcdmedic.runbook.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The versions of the kube-apiservers, as far as they can be seen: of the API that answers, and of what runs here.
///
/// @param minors each with who has it: `1.36 (the API at …)`
record ApiVersions(List<Seen> minors) {
    /// Up to here the addresses are counted in a bitmap alone. Source: K8S kube_features.go.
    private static final int BITMAP_ONLY_UNTIL = 32;

    /// From here on they are counted in IPAddress objects alone; 1.33 writes both.
    private static final int OBJECTS_ONLY_FROM = 34;

    private static final Pattern VERSION = Pattern.compile("v?1\\.(\\d+)\\b.*");

    record Seen(int minor, String where) {}

    static ApiVersions of(Scene scene, Optional<ApiReading> api) {
        List<Seen> found = new ArrayList<>();
        api.ifPresent(ready -> add(found, ready.version(), where(ready)));
        for (Part part : ApiServers.apiServerParts(scene)) {
            if (ApiServers.runs(part)) {
                part.version().ifPresent(version -> add(found, version, part.where()));
            }
        }
        return new ApiVersions(List.copyOf(found));
    }

    private static String where(ApiReading api) {
        return "the API at " + api.address();
    }

    private static void add(List<Seen> found, String version, String where) {
        Matcher matcher = VERSION.matcher(version);
        if (matcher.matches()) {
            found.add(new Seen(Integer.parseInt(matcher.group(1)), where));
        }
    }

    /// One that counts only in the bitmap beside one that counts only in objects give one address twice.
    void refuseMixed() {
        for (Seen old : minors) {
            for (Seen young : minors) {
                if (old.minor() <= BITMAP_ONLY_UNTIL && young.minor() >= OBJECTS_ONLY_FROM) {
                    throw Target.refused(
                            old.where() + " is 1." + old.minor() + " and " + young.where() + " is 1." + young.minor()
                                    + ": one counts addresses in a bitmap, the other in IPAddress objects, and both"
                                    + " give the same address",
                            "kube-apiservers of at most one minor version apart",
                            "bring all of them to one version first");
                }
            }
        }
    }

    /// The oldest that was seen.
    OptionalInt oldest() {
        return minors.stream().mapToInt(Seen::minor).min();
    }

    /// Whether a kube-apiserver goes on with its bitmap in memory until it is restarted.
    boolean needRestart() {
        return oldest().isPresent() && oldest().getAsInt() < OBJECTS_ONLY_FROM;
    }
}
