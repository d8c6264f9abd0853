/// The commands: one small class each, and the one place that runs them and reports what failed.
@NullMarked
package io.etcdmedic.command;

import org.jspecify.annotations.NullMarked;
