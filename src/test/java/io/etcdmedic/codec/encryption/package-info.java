@NullMarked
package io.etcdmedic.codec.encryption;

import org.jspecify.annotations.NullMarked;
