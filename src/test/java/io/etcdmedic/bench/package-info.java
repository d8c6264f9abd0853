/// Programs that make large data and measure; no tests.
@NullMarked
package io.etcdmedic.bench;

import org.jspecify.annotations.NullMarked;
