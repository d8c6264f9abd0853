/// What was done, written down before and after it is done: an append-only, chained, fsynced journal.
@NullMarked
package io.etcdmedic.repair.journal;

import org.jspecify.annotations.NullMarked;
