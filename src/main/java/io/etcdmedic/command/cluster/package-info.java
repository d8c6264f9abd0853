/// Commands that look at the cluster or the file as a whole.
@NullMarked
package io.etcdmedic.command.cluster;

import org.jspecify.annotations.NullMarked;
