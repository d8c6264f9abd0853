/// `backup` and `restore`.
@NullMarked
package io.etcdmedic.command.backup;

import org.jspecify.annotations.NullMarked;
