@NullMarked
package io.etcdmedic.bytes;

import org.jspecify.annotations.NullMarked;
