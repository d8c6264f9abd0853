/// Tests of the runbooks.
@NullMarked
package io.etcdmedic.runbook;

import org.jspecify.annotations.NullMarked;
