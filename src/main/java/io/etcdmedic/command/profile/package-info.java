/// Commands for saved connections.
@NullMarked
package io.etcdmedic.command.profile;

import org.jspecify.annotations.NullMarked;
