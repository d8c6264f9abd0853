/// What systemd runs: the effective settings of services, as systemd tells them or as its files say.
@NullMarked
package io.etcdmedic.host.systemd;

import org.jspecify.annotations.NullMarked;
