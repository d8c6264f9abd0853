/// A repair as data: the plan, its steps, what they demand, wait for and check.
@NullMarked
package io.etcdmedic.repair.plan;

import org.jspecify.annotations.NullMarked;
