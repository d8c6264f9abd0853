/// A report becomes text for a terminal, or data for a pipe.
@NullMarked
package io.etcdmedic.render;

import org.jspecify.annotations.NullMarked;
