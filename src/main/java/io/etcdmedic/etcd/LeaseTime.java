package io.etcdmedic.etcd;

import java.time.Duration;

/// @param granted what the lease was asked for
/// @param left until it ends, unless it is renewed
public record LeaseTime(Duration granted, Duration left) {}
