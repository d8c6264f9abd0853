/// Tests of `snapshot`.
@NullMarked
package io.etcdmedic.snapshot;

import org.jspecify.annotations.NullMarked;
