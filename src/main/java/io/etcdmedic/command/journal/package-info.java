/// `plan`, `journal` and `undo`: what was planned and done, and its way back.
@NullMarked
package io.etcdmedic.command.journal;

import org.jspecify.annotations.NullMarked;
