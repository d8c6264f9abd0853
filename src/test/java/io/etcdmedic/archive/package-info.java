@NullMarked
package io.etcdmedic.archive;

import org.jspecify.annotations.NullMarked;
