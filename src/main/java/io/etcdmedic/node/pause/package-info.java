/// The pause image: named so that containerd finds it, there, pinned, and brought back after it was lost.
@NullMarked
package io.etcdmedic.node.pause;

import org.jspecify.annotations.NullMarked;
