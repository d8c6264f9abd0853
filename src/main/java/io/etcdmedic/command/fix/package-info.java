/// `fix`: the runbooks at the command line.
@NullMarked
package io.etcdmedic.command.fix;

import org.jspecify.annotations.NullMarked;
