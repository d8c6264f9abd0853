package io.etcdmedic.node.version;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;

/// What holds Kubernetes at one version on NixOS: a second nixpkgs, or an override whose hash is left to fill in.
public final class PinSnippet {
    private PinSnippet() {}

    /// @throws Failure.Usage when `version` is none with a patch: a tag of Kubernetes is v1.34.2
    public static KubernetesVersion version(String version) {
        return KubernetesVersion.parse(version)
                .filter(v -> v.patch() >= 0 && version.matches("v?\\d+\\.\\d+\\.\\d+"))
                .orElseThrow(() -> new Failure.Usage(Problem.in("pinning Kubernetes " + version)
                        .found("it is no version with a patch")
                        .expected("a tag of Kubernetes, as in 1.34.2")));
    }

    public static String of(KubernetesVersion version) {
        return """
                # 1. A second nixpkgs, at a commit whose kubernetes is %1$s (safer: built, tested and cached as it is).
                #    In flake.nix; the commit is yours to fill in:
                inputs.nixpkgs-k8s.url = "github:NixOS/nixpkgs/COMMIT-WITH-KUBERNETES-%1$s";
                # and where the system is made, so that modules get it:
                specialArgs = { inherit inputs; nixpkgs-k8s = inputs.nixpkgs-k8s.legacyPackages.x86_64-linux; };
                # In the module, with nixpkgs-k8s among its arguments:
                services.kubernetes.package = nixpkgs-k8s.kubernetes;

                # 2. Or an override. The hash is left to fill in: build once, and nix says which it got.
                services.kubernetes.package = pkgs.kubernetes.overrideAttrs (old: rec {
                  version = "%1$s";
                  src = pkgs.fetchFromGitHub {
                    owner = "kubernetes";
                    repo = "kubernetes";
                    rev = "v${version}";
                    hash = lib.fakeHash; # never keep the hash of another version: nix would build that version's source
                  };
                });

                # Either way hold the minor, so that no update moves it:
                assertions = [ {
                  assertion = lib.versions.majorMinor config.services.kubernetes.package.version == "%2$s";
                  message = "services.kubernetes.package must stay at %2$s until every apiserver has moved";
                } ];

                # After the switch: kubelet --version must say v%1$s.
                """.formatted(version, version.toMinor());
    }
}
