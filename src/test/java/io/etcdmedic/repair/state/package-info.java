@NullMarked
package io.etcdmedic.repair.state;

import org.jspecify.annotations.NullMarked;
