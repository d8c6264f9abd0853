/// Reads Nix without nix: the whole syntax, and of the meaning what literals, `let`, `//` and the usual wrappers give.
@NullMarked
package io.etcdmedic.node.nix.literal;

import org.jspecify.annotations.NullMarked;
