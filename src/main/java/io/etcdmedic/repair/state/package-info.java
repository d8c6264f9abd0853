/// What of a repair outlives the program: plan files, and the state folder with journal, plans and archives.
@NullMarked
package io.etcdmedic.repair.state;

import org.jspecify.annotations.NullMarked;
