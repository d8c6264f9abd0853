/// The NixOS module of a node: read (by nix, or by a reader of literals of our own), judged against what RKE1 ran and
/// what etcd holds, and written.
@NullMarked
package io.etcdmedic.node.nix;

import org.jspecify.annotations.NullMarked;
