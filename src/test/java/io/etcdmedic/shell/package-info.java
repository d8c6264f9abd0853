/// Tests of the shell, its scripts and its command lines.
@NullMarked
package io.etcdmedic.shell;

import org.jspecify.annotations.NullMarked;
