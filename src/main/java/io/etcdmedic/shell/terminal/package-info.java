/// The shell at a terminal: prompt, line editing, completion, paging.
@NullMarked
package io.etcdmedic.shell.terminal;

import org.jspecify.annotations.NullMarked;
