/// Rebuilding a node: facts from the machine in, findings and modules out.
@NullMarked
package io.etcdmedic.node;

import org.jspecify.annotations.NullMarked;
