package io.etcdmedic.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The node of the post before its switch: RKE1's containers and certificates, and the module that is to come.
public final class PostNode {
    private PostNode() {}

    /// Makes `mnt`, the node's files, and `kubernetes.nix` in `folder`.
    public static void make(Path folder) throws IOException {
        Path root = Files.createDirectories(folder.resolve("mnt"));
        RkeTree tree = RkeContainers.standard().running("always").in(RkeTree.make(root));
        NixosTree _ = NixosTree.make(root).plugins();
        tree.file("etc/hostname", "srv5\n");
        Files.writeString(folder.resolve("kubernetes.nix"), PostFlake.MODULE);
    }
}
