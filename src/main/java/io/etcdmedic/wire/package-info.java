/// Protobuf's wire format by hand: read with every bound checked before anything is believed, written back to front.
@NullMarked
package io.etcdmedic.wire;

import org.jspecify.annotations.NullMarked;
