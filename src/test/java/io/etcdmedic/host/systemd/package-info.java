@NullMarked
package io.etcdmedic.host.systemd;

import org.jspecify.annotations.NullMarked;
