/// The program's entry point.
@NullMarked
package io.etcdmedic;

import org.jspecify.annotations.NullMarked;
