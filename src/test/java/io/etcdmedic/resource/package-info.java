@NullMarked
package io.etcdmedic.resource;

import org.jspecify.annotations.NullMarked;
