/// `node`: facts of a node in, findings and plans out.
@NullMarked
package io.etcdmedic.command.node;

import org.jspecify.annotations.NullMarked;
