/// CNI: what the loaded configurations need, against what the plugin folder has, now and after the next start.
@NullMarked
package io.etcdmedic.node.cni;

import org.jspecify.annotations.NullMarked;
