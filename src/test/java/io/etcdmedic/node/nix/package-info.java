/// Tests of rebuilding a node, on trees of an RKE1 node before and a NixOS node after, broken and right.
@NullMarked
package io.etcdmedic.node.nix;

import org.jspecify.annotations.NullMarked;
