@NullMarked
package io.etcdmedic.kms;

import org.jspecify.annotations.NullMarked;
