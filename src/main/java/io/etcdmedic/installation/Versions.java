package io.etcdmedic.installation;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Versions as they are written in image tags and store paths.
final class Versions {
    private static final Pattern TAG = Pattern.compile(":v?(\\d+\\.\\d+\\.\\d+)[^/]*$");
    private static final Pattern STORE =
            Pattern.compile("/nix/store/[a-z0-9]{32}-(?:kubernetes|etcd)(?:-[a-z]+)*-(\\d+\\.\\d+\\.\\d+)");

    private Versions() {}

    /// `rancher/hyperkube:v1.26.8-rancher1` is 1.26.8.
    static Optional<String> inImage(String image) {
        return first(TAG, image.replaceFirst("@sha256:.*", ""));
    }

    /// `/nix/store/HASH-kubernetes-1.34.2/bin/kubelet` is 1.34.2.
    static Optional<String> inPath(String path) {
        return first(STORE, path);
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
