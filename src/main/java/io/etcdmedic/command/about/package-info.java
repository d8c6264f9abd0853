/// Commands about the program itself.
@NullMarked
package io.etcdmedic.command.about;

import org.jspecify.annotations.NullMarked;
