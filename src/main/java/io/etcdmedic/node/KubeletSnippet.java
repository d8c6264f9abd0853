package io.etcdmedic.node;

/// The NixOS module text that keeps the pause image and the CNI plugins for good.
///
/// Source: nixpkgs kubernetes/kubelet.nix (`preStart` wipes the plugins and seeds images; `cni.packages = []` changes
/// nothing, because list options merge); containerd docs/cri/config.md.
public final class KubeletSnippet {
    private static final String TEXT = """
            # The kubelet's start script of the NixOS module removes every CNI plugin and seeds the pause image. This one
            # keeps the plugins that the CNI's own DaemonSet installed, links those of the store that are missing, and
            # seeds and pins the pause image. `cni.packages = []` does not do it: it is merged with the module's list.
            { lib, pkgs, ... }:
            let
              pauseReference = "docker.io/library/pause:latest";
              pauseImage = pkgs.dockerTools.buildImage {
                name = "docker.io/library/pause";
                tag = "latest";
                copyToRoot = pkgs.buildEnv {
                  name = "image-root";
                  pathsToLink = [ "/bin" ];
                  paths = [ pkgs.kubernetes.pause ];
                };
                config.Cmd = [ "/bin/pause" ];
              };
            in
            {
              # In full: containerd compares this text with the full name of each image.
              virtualisation.containerd.settings.plugins."io.containerd.grpc.v1.cri".sandbox_image =
                lib.mkForce pauseReference;

              systemd.services.kubelet.preStart = lib.mkForce ''
                mkdir -p /opt/cni/bin
                for plugin in ${pkgs.cni-plugins}/bin/*; do
                  [ -x "/opt/cni/bin/$(basename "$plugin")" ] || ln -fs "$plugin" /opt/cni/bin/
                done
                ${pkgs.containerd}/bin/ctr -n k8s.io image import ${pauseImage}
                ${pkgs.containerd}/bin/ctr -n k8s.io image label ${pauseReference} io.cri-containerd.pinned=pinned
              '';
            }
            """;

    private KubeletSnippet() {}

    public static String text() {
        return TEXT;
    }
}
