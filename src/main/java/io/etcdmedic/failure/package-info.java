/// What goes wrong, told to the operator: what was being done, what was found, what was expected, what to do next.
@NullMarked
package io.etcdmedic.failure;

import org.jspecify.annotations.NullMarked;
