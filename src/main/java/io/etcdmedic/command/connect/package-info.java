/// From what the operator typed, saved or left on the machine to one connection.
@NullMarked
package io.etcdmedic.command.connect;

import org.jspecify.annotations.NullMarked;
