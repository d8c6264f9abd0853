@NullMarked
package io.etcdmedic.repair.journal;

import org.jspecify.annotations.NullMarked;
