/// Tests of `bbolt`.
@NullMarked
package io.etcdmedic.bbolt;

import org.jspecify.annotations.NullMarked;
