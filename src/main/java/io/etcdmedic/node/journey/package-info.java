/// The rebuild of a node as a whole: what would break before the switch, and the way through it, step by step.
@NullMarked
package io.etcdmedic.node.journey;

import org.jspecify.annotations.NullMarked;
