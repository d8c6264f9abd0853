/// Tests of what only the package itself can see.
@NullMarked
package io.etcdmedic.node.runtime;

import org.jspecify.annotations.NullMarked;
