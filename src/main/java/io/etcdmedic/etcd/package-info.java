/// A live etcd cluster: how to reach it, its members and its keys. The only package that knows jetcd and Netty.
@NullMarked
package io.etcdmedic.etcd;

import org.jspecify.annotations.NullMarked;
