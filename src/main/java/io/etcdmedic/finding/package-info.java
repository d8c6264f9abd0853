/// What a check has to say: shared by the checks of a keyspace and of a node.
@NullMarked
package io.etcdmedic.finding;

import org.jspecify.annotations.NullMarked;
