/// Tests of the shell at a terminal, without one.
@NullMarked
package io.etcdmedic.shell.terminal;

import org.jspecify.annotations.NullMarked;
