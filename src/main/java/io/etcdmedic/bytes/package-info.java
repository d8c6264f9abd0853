/// Immutable bytes and how they are shown as text: the lowest row of the house.
@NullMarked
package io.etcdmedic.bytes;

import org.jspecify.annotations.NullMarked;
