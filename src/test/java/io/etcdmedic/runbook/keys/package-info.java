@NullMarked
package io.etcdmedic.runbook.keys;

import org.jspecify.annotations.NullMarked;
