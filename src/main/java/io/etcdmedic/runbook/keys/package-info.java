/// Plans for single keys: delete, put, bring back, restore.
@NullMarked
package io.etcdmedic.runbook.keys;

import org.jspecify.annotations.NullMarked;
