@NullMarked
package io.etcdmedic.repair;

import org.jspecify.annotations.NullMarked;
