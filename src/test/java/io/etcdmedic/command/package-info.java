/// Whole command lines, run in process, with their whole output.
@NullMarked
package io.etcdmedic.command;

import org.jspecify.annotations.NullMarked;
