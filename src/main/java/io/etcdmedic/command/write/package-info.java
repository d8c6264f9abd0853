/// `delete`, `put`, `edit` and `undelete`: single keys, through the engine.
@NullMarked
package io.etcdmedic.command.write;

import org.jspecify.annotations.NullMarked;
