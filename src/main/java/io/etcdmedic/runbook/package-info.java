/// Runbooks: each finds out what is wrong and plans its repair; the engine does the rest.
@NullMarked
package io.etcdmedic.runbook;

import org.jspecify.annotations.NullMarked;
