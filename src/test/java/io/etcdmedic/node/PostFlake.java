package io.etcdmedic.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A flake and a module with every mistake of the post, and the post's own files where they lie beside the project.
final class PostFlake {
    static final String FLAKE = """
            {
              description = "a node";
              inputs = {
                nixpkgs.url = "github:nixos/nixpkgs";
                disko = { url = "github:nix-community/disko"; inputs.nixpkgs.follows = "nixpkgs"; };
              };
              outputs = { self, nixpkgs, disko, ... }@inputs: {
                nixosConfigurations.srv7 = nixpkgs.lib.nixosSystem {
                  specialArgs = { inherit inputs; };
                  modules = [ ./parts/kubernetes.nix ];
                };
              };
            }
            """;

    static final String MODULE = """
            { config, lib, pkgs, nixpkgs-k8s, ... }:
            let
              port = 6443;
              addresses = { "srv5" = "51.81.64.31"; };
              address = addresses."${config.networking.hostName}";
              ssl = "/etc/kubernetes/ssl/";
              dashed = builtins.replaceStrings [ "." ] [ "-" ] address;
            in
            {
              services.etcd = {
                enable = true;
                name = "etcd-${config.networking.hostName}";
                advertiseClientUrls = [ "https://${address}:2379" ];
                listenClientUrls = [ "https://0.0.0.0:2379" ];
                listenPeerUrls = [ "https://0.0.0.0:2380" ];
                initialAdvertisePeerUrls = [ "https://${address}:2380" ];
                initialCluster = lib.mapAttrsToList (n: v: "etcd-${n}=https://${v}:2380") addresses;
                initialClusterToken = "etcd-cluster-1";
                certFile = "${ssl}kube-etcd-${dashed}.pem";
                keyFile = "${ssl}kube-etcd-${dashed}-key.pem";
                trustedCaFile = "${ssl}kube-ca.pem";
                clientCertAuth = true;
                peerClientCertAuth = true;
              };
              services.kubernetes = {
                package = pkgs.kubernetes;
                masterAddress = "localhost";
                apiserverAddress = "https://${address}:${toString port}";
                caFile = lib.mkForce "${ssl}kube-ca.pem";
                clusterCidr = "10.42.0.0/16";
                pki.enable = false;
                flannel.enable = false;
                addonManager.enable = false;
                apiserver = {
                  enable = true;
                  advertiseAddress = address;
                  allowPrivileged = true;
                  apiAudiences = "unknown";
                  serviceAccountIssuer = "rke";
                  etcd.servers = [ "https://${address}:2379" ];
                  etcd.certFile = "${ssl}kube-node.pem";
                  etcd.keyFile = "${ssl}kube-node-key.pem";
                  extraOpts = "--etcd-prefix=/registry --service-account-lookup=true --anonymous-auth=false --service-node-port-range=30000-32767";
                  kubeletClientCertFile = "${ssl}kube-apiserver.pem";
                  kubeletClientKeyFile = "${ssl}kube-apiserver-key.pem";
                  proxyClientCertFile = lib.mkForce "${ssl}kube-apiserver-proxy-client.pem";
                  proxyClientKeyFile = lib.mkForce "${ssl}kube-apiserver-proxy-client-key.pem";
                  serviceAccountKeyFile = lib.mkForce "${ssl}kube-service-account-token-key.pem";
                  serviceAccountSigningKeyFile = lib.mkForce "${ssl}kube-service-account-token-key.pem";
                  serviceClusterIpRange = "10.43.0.0/16";
                  tlsCertFile = lib.mkForce "${ssl}kube-apiserver.pem";
                  tlsKeyFile = lib.mkForce "${ssl}kube-apiserver-key.pem";
                };
                controllerManager = {
                  enable = true;
                  extraOpts = "--service-cluster-ip-range=10.43.0.0/16";
                  serviceAccountKeyFile = lib.mkForce "${ssl}kube-service-account-token-key.pem";
                };
                scheduler.enable = true;
                proxy.enable = true;
                kubelet = {
                  enable = true;
                  clusterDns = [ "10.43.0.10" ];
                  cni.packages = [ ];
                  hostname = config.networking.hostName;
                  tlsCertFile = "${ssl}kube-node.pem";
                  tlsKeyFile = "${ssl}kube-node-key.pem";
                  extraOpts = "--kube-reserved=cpu=1000m,memory=512Mi --root-dir=/var/lib/kubelet";
                };
              };
            }
            """;

    private PostFlake() {}

    static Path write(Path folder, String module) throws IOException {
        Files.createDirectories(folder.resolve("parts"));
        Files.writeString(folder.resolve("flake.nix"), FLAKE);
        Files.writeString(folder.resolve("parts/kubernetes.nix"), module);
        return folder;
    }

    /// The post's own flake.nix and kubernetes.nix; empty in a clone that has no post beside it.
    static Optional<Path> original(Path folder) throws IOException {
        Optional<Path> post = Stream.of("../shared", "../../shared")
                .map(f -> Path.of(f, "rke1-to-nixos-in-place.txt"))
                .filter(Files::isRegularFile)
                .findFirst();
        if (post.isEmpty()) {
            return Optional.empty();
        }
        List<String> blocks = blocks(Files.readAllLines(post.get()));
        Files.createDirectories(folder.resolve("parts"));
        Files.writeString(folder.resolve("flake.nix"), blocks.get(0) + "\n");
        Files.writeString(folder.resolve("parts/kubernetes.nix"), blocks.get(1) + "\n");
        return Optional.of(folder);
    }

    /// The post's listings: from a line that begins with a bar to one that is a bar.
    private static List<String> blocks(List<String> lines) {
        List<String> blocks = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        boolean inside = false;
        for (String line : lines) {
            if (!inside && line.startsWith("| ")) {
                inside = true;
                block.append(line.substring(2)).append('\n');
            } else if (inside && line.equals("|")) {
                inside = false;
                blocks.add(block.toString());
                block.setLength(0);
            } else if (inside) {
                block.append(line).append('\n');
            }
        }
        return blocks;
    }
}
