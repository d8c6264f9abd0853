/// Commands that look at keys.
@NullMarked
package io.etcdmedic.command.inspect;

import org.jspecify.annotations.NullMarked;
