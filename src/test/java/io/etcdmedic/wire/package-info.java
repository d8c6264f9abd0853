/// Tests of the wire format.
@NullMarked
package io.etcdmedic.wire;

import org.jspecify.annotations.NullMarked;
