/// Command lines one after another: the shell, scripts, the demo.
@NullMarked
package io.etcdmedic.shell;

import org.jspecify.annotations.NullMarked;
