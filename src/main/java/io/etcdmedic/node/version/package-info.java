/// Versions: who runs which, what the skew rules allow, and the next step.
@NullMarked
package io.etcdmedic.node.version;

import org.jspecify.annotations.NullMarked;
