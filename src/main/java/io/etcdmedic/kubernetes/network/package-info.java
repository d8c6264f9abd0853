/// Addresses and ranges of Services.
@NullMarked
package io.etcdmedic.kubernetes.network;

import org.jspecify.annotations.NullMarked;
