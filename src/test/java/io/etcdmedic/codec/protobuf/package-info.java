/// Tests of [io.etcdmedic.codec.protobuf].
@NullMarked
package io.etcdmedic.codec.protobuf;

import org.jspecify.annotations.NullMarked;
