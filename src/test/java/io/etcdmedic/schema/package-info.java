@NullMarked
package io.etcdmedic.schema;

import org.jspecify.annotations.NullMarked;
