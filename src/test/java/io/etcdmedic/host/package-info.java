/// Tests of what the operating system gives, on real files and real processes.
@NullMarked
package io.etcdmedic.host;

import org.jspecify.annotations.NullMarked;
