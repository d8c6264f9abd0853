/// Tests of `keyspace`.
@NullMarked
package io.etcdmedic.keyspace;

import org.jspecify.annotations.NullMarked;
