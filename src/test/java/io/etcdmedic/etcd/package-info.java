@NullMarked
package io.etcdmedic.etcd;

import org.jspecify.annotations.NullMarked;
