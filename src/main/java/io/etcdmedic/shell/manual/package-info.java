/// What other programs are told of the commands: completion scripts for shells, and man pages.
@NullMarked
package io.etcdmedic.shell.manual;

import org.jspecify.annotations.NullMarked;
