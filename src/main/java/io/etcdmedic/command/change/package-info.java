/// The one way from a plan to an outcome, for every command that writes.
@NullMarked
package io.etcdmedic.command.change;

import org.jspecify.annotations.NullMarked;
