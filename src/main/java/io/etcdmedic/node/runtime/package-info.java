/// containerd as it is configured and as it answers: facts for the checks of the pause image and of CNI.
@NullMarked
package io.etcdmedic.node.runtime;

import org.jspecify.annotations.NullMarked;
