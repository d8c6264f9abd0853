/// Addresses and ranges of Services.
@NullMarked
package io.etcdmedic.runbook.network;

import org.jspecify.annotations.NullMarked;
